//! `/api/products`: the product catalog.

use crate::models::billing::{BillItem, NewProduct, Product, ProductChanges};
use crate::models::{Limit, Record as _};
use crate::server::caller::At;
use crate::server::problem::HandlerError;
use crate::server::resource::{Collection, resource};
use databases::connection::AnyConnection;
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

        fn remove(&self, _at: &At, connection: &mut AnyConnection) -> Result<(), HandlerError> {
            if BillItem::exist_of_issued_product(connection, self.id)? {
                let detail = "the product is on issued bills, which do not change: set is_active to false";
                return Err(HandlerError::wrong_state(detail));
            }
            Product::delete(connection, self.id)?;
            Ok(())
        }
    }
}
