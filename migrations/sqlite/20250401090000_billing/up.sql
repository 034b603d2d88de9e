-- Customers, products and bills.
-- Undone by down.sql, which drops these tables with the rows in them.

CREATE TABLE customers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (length(name) <= 200 AND instr(name, char(0)) = 0),
    phone TEXT CHECK (length(phone) <= 50 AND instr(phone, char(0)) = 0),
    email TEXT CHECK (length(email) <= 320 AND email NOT GLOB '*[A-Z]*' AND instr(email, char(0)) = 0),
    address TEXT CHECK (instr(address, char(0)) = 0),
    credit_limit INTEGER NOT NULL DEFAULT 0 CHECK (credit_limit BETWEEN -99999999999999 AND 99999999999999),
    current_balance INTEGER NOT NULL DEFAULT 0 CHECK (current_balance BETWEEN -99999999999999 AND 99999999999999),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001')
) STRICT;
CREATE INDEX idx_customers_organization_id ON customers (organization_id);

CREATE TABLE products (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    code TEXT NOT NULL CHECK (length(code) <= 100 AND instr(code, char(0)) = 0),
    name TEXT NOT NULL CHECK (length(name) <= 200 AND instr(name, char(0)) = 0),
    category TEXT CHECK (length(category) <= 100 AND instr(category, char(0)) = 0),
    unit TEXT NOT NULL DEFAULT 'piece' CHECK (length(unit) <= 50 AND instr(unit, char(0)) = 0),
    price INTEGER NOT NULL CHECK (price BETWEEN -99999999999999 AND 99999999999999),
    cost INTEGER NOT NULL DEFAULT 0 CHECK (cost BETWEEN -99999999999999 AND 99999999999999),
    tax_rate INTEGER NOT NULL DEFAULT 0 CHECK (tax_rate BETWEEN -99999 AND 99999),
    stock INTEGER NOT NULL DEFAULT 0 CHECK (stock BETWEEN -2147483648 AND 2147483647),
    min_stock INTEGER NOT NULL DEFAULT 0 CHECK (min_stock BETWEEN -2147483648 AND 2147483647),
    barcode TEXT CHECK (length(barcode) <= 100 AND instr(barcode, char(0)) = 0),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001')
) STRICT;
CREATE UNIQUE INDEX products_code_key ON products (organization_id, code);

CREATE TABLE bills (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    customer_id INTEGER REFERENCES customers (id) ON DELETE SET NULL,
    bill_number TEXT NOT NULL CHECK (length(bill_number) <= 100 AND instr(bill_number, char(0)) = 0),
    status TEXT NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'open', 'paid', 'void')),
    subtotal INTEGER NOT NULL DEFAULT 0 CHECK (subtotal BETWEEN -99999999999999 AND 99999999999999),
    tax_amount INTEGER NOT NULL DEFAULT 0 CHECK (tax_amount BETWEEN -99999999999999 AND 99999999999999),
    discount_amount INTEGER NOT NULL DEFAULT 0 CHECK (discount_amount BETWEEN -99999999999999 AND 99999999999999),
    total_amount INTEGER NOT NULL DEFAULT 0 CHECK (total_amount BETWEEN -99999999999999 AND 99999999999999),
    paid_amount INTEGER NOT NULL DEFAULT 0 CHECK (paid_amount BETWEEN -99999999999999 AND 99999999999999),
    due_date TEXT CHECK (due_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND due_date IS date(due_date) AND due_date >= '0001'),
    issued_at TEXT CHECK (issued_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(issued_at, 1, 10) IS date(substr(issued_at, 1, 10)) AND substr(issued_at, 12, 2) < '24' AND issued_at >= '0001'),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001')
) STRICT;
CREATE UNIQUE INDEX bills_bill_number_key ON bills (organization_id, bill_number);
CREATE INDEX idx_bills_customer_id ON bills (customer_id);

CREATE TABLE bill_items (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    bill_id INTEGER NOT NULL REFERENCES bills (id) ON DELETE CASCADE,
    product_id INTEGER REFERENCES products (id) ON DELETE SET NULL,
    description TEXT NOT NULL CHECK (instr(description, char(0)) = 0),
    quantity INTEGER NOT NULL CHECK (quantity BETWEEN -999999999999 AND 999999999999),
    unit_price INTEGER NOT NULL CHECK (unit_price BETWEEN -99999999999999 AND 99999999999999),
    tax_rate INTEGER NOT NULL DEFAULT 0 CHECK (tax_rate BETWEEN -99999 AND 99999),
    total_price INTEGER NOT NULL CHECK (total_price BETWEEN -99999999999999 AND 99999999999999)
) STRICT;
CREATE INDEX idx_bill_items_bill_id ON bill_items (bill_id);
CREATE INDEX idx_bill_items_product_id ON bill_items (product_id);
