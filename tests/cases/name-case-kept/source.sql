-- Names in camel case and with different cases: kept exactly, not folded
CREATE TABLE userAccounts (userId INTEGER PRIMARY KEY, FirstName TEXT, EMAIL TEXT);
INSERT INTO useraccounts (USERID, firstname, email) VALUES (1, 'a', 'b');
