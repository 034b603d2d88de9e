-- Prisma on SQLite: DATETIME as milliseconds, DEFAULT CURRENT_TIMESTAMP beside them (text in SQLite!), a join table without key: timestamptz; no default that
-- makes another form
CREATE TABLE "User" ("id" TEXT NOT NULL PRIMARY KEY, "email" TEXT NOT NULL, "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, "score" REAL);
CREATE TABLE "Post" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "authorId" TEXT, CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User" ("id") ON DELETE SET NULL ON UPDATE CASCADE);
CREATE TABLE "_PostTags" ("A" INTEGER NOT NULL, "B" TEXT NOT NULL, CONSTRAINT "_PostTags_A_fkey" FOREIGN KEY ("A") REFERENCES "Post" ("id") ON DELETE CASCADE ON UPDATE CASCADE);
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");
CREATE UNIQUE INDEX "_PostTags_AB_unique" ON "_PostTags"("A", "B");
INSERT INTO "User" VALUES ('clwv1', 'a@x', 1717156800123, 1.5);
INSERT INTO "Post" VALUES (1, 'clwv1'), (2, NULL);
INSERT INTO "_PostTags" VALUES (1, 't1');
