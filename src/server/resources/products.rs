//! `/api/products`: the product catalog.

use crate::models::Limit;
use crate::models::billing::{NewProduct, Product, ProductChanges};
use crate::server::resource::{Collection, resource};
use transfer::values::{Money, Rate, Text};

const PRICE: Limit = 0..=Money::MAX.units();

resource! {
    /// A product or service for sale.
    Product, "product" at "products", Products;
    collections [Collection::Organization];
    new |at| NewProduct {
        code: Text [1..=100],
        name: Text [1..=200],
        category: Option<Text> [1..=100],
        unit: Text [1..=50] = Text::new("piece").ok()?,
        price: Money [PRICE],
        cost: Money [PRICE] = Money::ZERO,
        tax_rate: Rate [0..=Rate::MAX.units()] = Rate::ZERO,
        stock: i32 = 0,
        min_stock: i32 = 0,
        barcode: Option<Text> [1..=100],
        is_active: bool = true,
    } with {
        organization_id: at.organization()?,
        created_at: at.now,
        updated_at: at.now,
    }
    changes |at| ProductChanges {
        code: Text [1..=100],
        name: Text [1..=200],
        category: Option<Text> [1..=100],
        unit: Text [1..=50],
        price: Money [PRICE],
        cost: Money [PRICE],
        tax_rate: Rate [0..=Rate::MAX.units()],
        stock: i32,
        min_stock: i32,
        barcode: Option<Text> [1..=100],
        is_active: bool,
    } with {
        updated_at: Some(at.now),
    }
    particular {
        const AUDITED: &'static [&'static str] = &["price", "cost", "tax_rate"];
    }
}
