//! Binary encoding of the types that Diesel supports on both backends.

use super::binary::{BinaryField, Unencodable};

impl BinaryField for bool {
    fn write_binary(&self, out: &mut Vec<u8>) -> Result<(), Unencodable> {
        out.push(u8::from(*self));
        Ok(())
    }
}

impl BinaryField for i32 {
    fn write_binary(&self, out: &mut Vec<u8>) -> Result<(), Unencodable> {
        out.extend_from_slice(&self.to_be_bytes());
        Ok(())
    }
}

impl BinaryField for i64 {
    fn write_binary(&self, out: &mut Vec<u8>) -> Result<(), Unencodable> {
        out.extend_from_slice(&self.to_be_bytes());
        Ok(())
    }
}
