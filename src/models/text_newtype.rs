//! Newtypes over text: their conversions are those of text.

/// A newtype over text: its conversions are those of text.
macro_rules! utf8_newtype {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize,
            diesel::expression::AsExpression, diesel::deserialize::FromSqlRow,
        )]
        #[diesel(sql_type = diesel::sql_types::Text)]
        pub struct $name(transfer::values::Text);

        impl $name {
            /// As text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<DB> diesel::serialize::ToSql<diesel::sql_types::Text, DB> for $name
        where
            DB: diesel::backend::Backend,
            transfer::values::Text: diesel::serialize::ToSql<diesel::sql_types::Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
                self.0.to_sql(out)
            }
        }

        impl<DB> diesel::deserialize::FromSql<diesel::sql_types::Text, DB> for $name
        where
            DB: diesel::backend::Backend,
            transfer::values::Text: diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
        {
            fn from_sql(value: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                transfer::values::Text::from_sql(value).map(Self)
            }
        }

        impl transfer::values::BinaryField for $name {
            fn show(&self) -> String {
                self.0.show()
            }

            fn write_binary(&self, out: &mut Vec<u8>) -> Result<(), transfer::values::Unencodable> {
                self.0.write_binary(out)
            }
        }
    };
}
pub(super) use utf8_newtype;
