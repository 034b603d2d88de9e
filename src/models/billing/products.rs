//! Products.

use crate::models::record;
use crate::models::{OrganizationId, ProductId};
use transfer::values::{Instant, Money, Rate, Text};

record! {
    /// A product or service for sale.
    products: Product, NewProduct, ProductChanges;
    key generated id: ProductId;
    owner organization_id;
    filter {
        organization_id: OrganizationId,
        category: Text,
    }
    sort {
        code: Text,
    }
    fixed {
        organization_id: OrganizationId,
        created_at: Instant,
    }
    changing {
        code: Text,
        name: Text,
        category: Option<Text>,
        unit: Text,
        price: Money,
        cost: Money,
        tax_rate: Rate,
        stock: i32,
        min_stock: i32,
        barcode: Option<Text>,
        is_active: bool,
        updated_at: Instant,
    }
}
