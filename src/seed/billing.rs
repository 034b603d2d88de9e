//! Rows of customers, products and bills.

use super::context::Context;
use super::plan::TableSeed;
use super::steps::{Seeded, ValueResult};
use super::texts::currency_of;
use super::words::*;
use crate::models::billing::{Bill, BillItem, Customer, Product};
use crate::models::tenancy::Organization;
use crate::models::{BillId, BillItemId, BillStatus, CustomerId, ProductId};
use transfer::values::Money;

impl Seeded for Customer {
    const SHARE: u64 = 120;

    fn nth_key(plan: &TableSeed, index: u64) -> CustomerId {
        CustomerId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        Ok(Self {
            id: cx.own_key::<Self>(),
            organization_id: cx.key::<Organization>(cx.home(cx.index())),
            created_at: cx.created::<Self>()?,
            name: cx.text(200, |cx| if cx.chance(50) { cx.person() } else { cx.company() })?,
            phone: cx.maybe(60, Context::phone)?,
            email: cx.maybe(70, Context::email)?,
            address: cx.maybe(70, |cx| cx.text(1_000, Context::address))?,
            credit_limit: cx.unsigned(0..=5_000_000)?,
            current_balance: cx.decimal(-200_000..=900_000)?,
            is_active: cx.chance(90),
        })
    }
}

/// Tax rates of a few countries, in hundredths of a percent.
const TAXES: &[i64] = &[0, 700, 1_900, 2_100, 825];

impl Seeded for Product {
    const SHARE: u64 = 150;

    fn nth_key(plan: &TableSeed, index: u64) -> ProductId {
        ProductId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let created_at = cx.created::<Self>()?;
        let (cents, tax) = (cx.between(50..=250_000), cx.pick(TAXES));
        Ok(Self {
            id: cx.own_key::<Self>(),
            organization_id: cx.key::<Organization>(cx.home(cx.index())),
            created_at,
            code: cx.distinct(
                100,
                &["SKU", "teil", "zboží", "货号", "a/b\\c"],
                cx.earlier::<Organization>(),
            )?,
            name: cx.label(200, GOODS)?,
            category: cx.maybe(70, |cx| cx.label(100, GOODS_KINDS))?,
            unit: cx.label(50, UNITS)?,
            price: cx.amount(cents)?,
            cost: cx.amount(cents * 3 / 5)?,
            tax_rate: cx.amount(tax)?,
            stock: cx.int(-5..=2_000),
            min_stock: cx.int(0..=50),
            barcode: cx.maybe(60, |cx| cx.text(100, |cx| format!("{:013}", cx.below(9_999_999_999_999))))?,
            is_active: cx.chance(90),
            updated_at: cx.updated(created_at)?,
        })
    }
}

impl Seeded for Bill {
    const SHARE: u64 = 250;

    fn nth_key(plan: &TableSeed, index: u64) -> BillId {
        BillId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let created_at = cx.created::<Self>()?;
        let organization = cx.home(cx.index());
        let customer = cx.any_at::<Customer>(organization);
        let status = cx.word(BillStatus::ALL);
        // The sums agree, save where an extreme takes the place of one.
        let (subtotal, discount) = (cx.between(1_000..=2_000_000), cx.between(0..=900));
        let tax = subtotal * 19 / 100;
        let total = subtotal + tax - discount;
        let paid = if status == BillStatus::Paid { total } else { 0 };
        let mut bill = Self {
            id: cx.own_key::<Self>(),
            organization_id: cx.key::<Organization>(organization),
            bill_number: cx.distinct(
                100,
                &["2022-1", "2023-1", "2024-1", "2025-1"],
                cx.earlier::<Organization>(),
            )?,
            created_at,
            customer_id: customer.map(|customer| cx.key::<Customer>(customer)),
            status,
            subtotal: cx.amount(subtotal)?,
            tax_amount: cx.amount(tax)?,
            discount_amount: cx.amount(discount)?,
            total_amount: cx.unsigned(total..=total)?,
            paid_amount: cx.unsigned(paid..=paid)?,
            due_date: cx.maybe(80, |cx| cx.day_within(45, created_at))?,
            issued_at: cx.when(status != BillStatus::Draft, |cx| cx.within(5, created_at))?,
            updated_at: cx.updated(created_at)?,
            currency: currency_of(organization)?,
        };
        bill.paid_amount = bill.paid_amount.min(bill.total_amount);
        Ok(bill)
    }
}

impl Seeded for BillItem {
    const SHARE: u64 = 750;

    fn nth_key(plan: &TableSeed, index: u64) -> BillItemId {
        BillItemId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let bill = cx.parent::<Bill>();
        let product = cx.any_at::<Product>(cx.home(bill));
        let (quantity, cents, tax) = (cx.between(1..=40), cx.between(50..=250_000), cx.pick(TAXES));
        let total_price: Money = cx.amount(quantity * cents)?;
        Ok(Self {
            id: cx.own_key::<Self>(),
            bill_id: cx.key::<Bill>(bill),
            product_id: product.map(|product| cx.key::<Product>(product)),
            description: cx.label(1_000, GOODS)?,
            quantity: cx.amount(quantity * 1_000)?,
            unit_price: cx.amount(cents)?,
            tax_rate: cx.amount(tax)?,
            total_price,
        })
    }
}
