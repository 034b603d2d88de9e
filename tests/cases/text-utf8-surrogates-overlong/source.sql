-- UTF-8 that only looks well-formed: an encoded surrogate (CESU-8), an overlong '/', a code point over U+10FFFF: rejected
CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO names VALUES (1, CAST(x'eda080' AS TEXT)), (2, CAST(x'c0af' AS TEXT)), (3, CAST(x'f4908080' AS TEXT)), (4, CAST(x'f48fbfbf' AS TEXT));
