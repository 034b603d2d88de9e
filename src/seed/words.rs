//! Words for names and texts.

pub(super) const FIRST_NAMES: &[&str] = &[
    "Anna", "James", "Maria", "David", "Jürgen", "Zoë", "Jiří", "Žofie", "François", "Łukasz", "Søren", "Aoife",
    "José", "Ngọc", "Ольга", "Дмитро", "Ελένη", "伟", "秀英", "美咲", "민준", "محمد", "فاطمة", "נועה", "आरव",
    "Olga", "Priya", "Samuel", "Grace", "Tomás", "Ingrid", "Käthe", "Věra", "Noah", "Emma", "Björn",
];

pub(super) const LAST_NAMES: &[&str] = &[
    "Smith", "Johnson", "Müller", "Weiß", "Novák", "Dvořáková", "Garcia", "O'Brien", "Nguyễn", "Kowalski",
    "Sørensen", "van der Berg", "D’Angelo", "Иванова", "Παπαδόπουλος", "王", "李", "佐藤", "김", "الهاشمي",
    "כהן", "शर्मा", "Okafor", "Silva", "Lindström", "Yılmaz", "Horváth", "Brown", "Taylor", "Fernández",
];

/// ASCII in lower case, for e-mail addresses.
pub(super) const MAIL_NAMES: &[&str] = &[
    "anna", "james", "maria", "david", "juergen", "zoe", "jiri", "zofie", "francois", "lukasz", "soren", "aoife",
    "jose", "ngoc", "olga", "dmytro", "eleni", "wei", "misaki", "minjun", "mohamed", "fatima", "noa", "aarav",
];

pub(super) const MAIL_HOSTS: &[&str] = &[
    "example.com", "example.org", "mail.example.net", "office.example", "bücher.example", "例え.example",
];

pub(super) const TRADES: &[&str] = &[
    "Housing", "Logistik", "Consulting", "Stavby", "Design", "Architects", "Immobilien", "Law", "Foods", "贸易",
    "Energie", "Partners", "للتجارة", "Verlag", "Clinic", "Community Land Trust",
];

pub(super) const COMPANY_FORMS: &[&str] = &["Inc.", "GmbH", "s.r.o.", "Ltd", "& Söhne KG", "有限公司", "LLC", "ש״ם", "a.s."];

pub(super) const CITIES: &[&str] = &[
    "Portland", "Köln", "Brno", "Lyon", "Kraków", "København", "北京", "東京", "القاهرة", "Đà Nẵng", "Oakland",
    "Łódź", "Malmö", "Київ", "Αθήνα", "Chicago", "São Paulo", "Nairobi",
];

pub(super) const STREETS: &[&str] = &[
    "Main Street", "Bahnhofstraße", "Příční", "Rue de la Paix", "Oak Avenue", "人民路", "شارع النيل", "Am Weiher",
];

pub(super) const SENTENCES: &[&str] = &[
    "Please review the attached invoice before Friday.",
    "The client asked for a second opinion on the floor plan.",
    "Payment terms are 30 days net, 2% discount within 10 days.",
    "Der Vertrag wurde geprüft und ist fast fertig – es fehlt nur die Unterschrift.",
    "Příliš žluťoučký kůň úpěl ďábelské ódy.",
    "会议改到下周三上午十点。",
    "تم استلام المستندات بنجاح.",
    "Delivery was late again 😕, we should talk to the supplier 📦.",
    "Heating costs rose by 12.5 % compared with last year.",
    "Les travaux commenceront au printemps, si le permis arrive à temps.",
    "She said: \"call me back\" — but left no number.",
    "Файл сохранён в папке C:\\Documents\\2024.",
    "All units on the third floor are accessible by wheelchair.",
    "The scan is barely readable; I typed the total by hand.",
    "Budget approved, see minutes of the meeting.",
    "Waiting for the bank’s confirmation.",
    "מחכים לאישור מהעירייה.",
    "Two of five milestones are done, the third is disputed.",
];

pub(super) const SUBJECTS: &[&str] = &[
    "Review invoice",
    "Call the supplier",
    "Rechnung prüfen",
    "Prepare the report",
    "Zkontrolovat smlouvu",
    "检查合同",
    "Update the floor plan",
    "Order materials",
    "Sign the lease",
    "إرسال الفاتورة",
    "SeedPlan the inspection",
    "Backup 💾",
    "Close the books",
    "Answer the complaint",
    "Foundation",
    "Roof and façade",
    "Electrical work",
    "Final handover",
];

pub(super) const FIELDS: &[&str] = &[
    "invoice_number", "invoice_date", "total_amount", "tax_amount", "vendor_name", "due_date", "iban", "currency",
    "Rechnungs-Nr.", "datum splatnosti", "金额", "رقم",
];

pub(super) const CONNECTORS: &[&str] = &["google_drive", "quickbooks", "sharepoint", "xero", "sftp", "datev", "webhook"];
pub(super) const DOCUMENT_KINDS: &[&str] = &["invoice", "receipt", "contract", "bank_statement", "tax_form", "other"];
pub(super) const USES: &[&str] = &[
    "document_processed", "document_uploaded", "api_call", "export", "page_scanned", "reminder_sent",
];
pub(super) const EVENTS: &[&str] = &[
    "document.approved", "document.rejected", "user.invited", "bill.paid", "project.created", "milestone.submitted",
    "settings.changed", "login",
];
pub(super) const ENTITIES: &[&str] = &["document", "bill", "project", "milestone", "task", "user"];
pub(super) const REPORTS: &[&str] = &["monthly_usage", "tax_year", "open_bills", "project_costs", "audit"];
pub(super) const GOODS: &[&str] = &[
    "Paint, white, 10 l", "Door hinge", "Schraube M8 × 40", "Cement 25 kg", "Žárovka E27", "螺丝刀", "Work hour",
    "Window 120 × 140 cm", "Kabel 3 × 1,5 mm²", "Insulation roll", "½\" pipe", "مسمار",
];
pub(super) const UNITS: &[&str] = &["piece", "hour", "kg", "m²", "l", "Stück"];
pub(super) const GOODS_KINDS: &[&str] = &["material", "labor", "tools", "Elektro", "服务"];
pub(super) const METHODS: &[&str] = &["card", "bank_transfer", "sepa", "cash", "check"];
pub(super) const CURRENCIES: &[&str] = &["USD", "EUR", "CZK", "GBP", "CHF"];
pub(super) const PROJECT_KINDS: &[&str] = &["affordable_housing", "renovation", "new_build", "design", "audit"];
pub(super) const APPRAISALS: &[&str] = &["appraisal", "market_comparison", "book_value", "dcf"];
pub(super) const PERSON_STATES: &[&str] = &["active", "waiting", "housed", "withdrawn"];
pub(super) const INVESTMENT_STATES: &[&str] = &["active", "completed", "withdrawn"];
pub(super) const MODELS: &[&str] = &["minilm-l6-v2", "e5-small", "bge-small-en-v1.5"];
