//! Rows -> Parquet: a typed column a field, in row groups of bounded size, compressed with zstd.

use std::{io, mem, sync::Arc};

use chrono::{DateTime, NaiveDate};
use parquet::{
    basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel},
    data_type::{
        BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray,
        FixedLenByteArrayType, Int32Type, Int64Type,
    },
    errors::ParquetError,
    file::{
        metadata::KeyValue,
        properties::WriterProperties,
        writer::{SerializedColumnWriter, SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::types::Type,
};
use rust_decimal::Decimal;
use serde_json::Value;

use super::{
    Fields,
    about::About,
    encoder::{Encoder, text},
};
use crate::{
    error::{Error, Result},
    limits,
    query::field::{Field, FieldType},
};

/// Digits of a decimal, as many as 16 bytes hold, and those of them behind the point: amounts are
/// kept in whole millionths.
const PRECISION: i32 = 38;
const SCALE: u32 = 6;
const DECIMAL_BYTES: i32 = 16;

/// Writes Parquet.
pub struct Parquet {
    fields: Fields,
    /// What was written since it was last asked for.
    writer: SerializedFileWriter<Vec<u8>>,
    columns: Vec<Column>,
    rows: usize,
}

impl Parquet {
    pub fn new(name: &str, fields: Fields) -> Result<Self> {
        let columns = fields.list().iter().map(|field| column(field).map(Arc::new));
        let columns = columns.collect::<Result<_, _>>().map_err(Error::internal)?;
        let schema = Type::group_type_builder(name).with_fields(columns).build();
        let schema = Arc::new(schema.map_err(Error::internal)?);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .build();
        let writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties));
        let columns = fields.list().iter().map(Column::of).collect();
        Ok(Self { writer: writer.map_err(Error::internal)?, columns, fields, rows: 0 })
    }

    /// Writes the rows that wait as a group.
    fn group(&mut self) -> Result<(), ParquetError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for (column, field) in self.columns.iter_mut().zip(self.fields.list()) {
            mem::replace(column, Column::of(field)).write(&mut group)?;
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}

impl Encoder for Parquet {
    fn rows(&mut self, rows: Vec<Value>) -> Result<Vec<u8>> {
        for row in &rows {
            let values = self.fields.values(row);
            for ((value, field), column) in
                values.into_iter().zip(self.fields.list()).zip(&mut self.columns)
            {
                column.push(value).ok_or_else(|| {
                    let (name, field_type) = (&field.name, field.field_type);
                    Error::internal(format!("{name} is {value}, which is no {field_type:?}"))
                })?;
            }
            self.rows += 1;
            if self.rows * self.columns.len() >= limits::PARQUET_GROUP_CELLS {
                self.group().map_err(Error::internal)?;
            }
        }
        self.writer.flush().map_err(Error::internal)?;
        Ok(mem::take(self.writer.inner_mut()))
    }

    fn about(&mut self, about: About) {
        for (name, value) in about {
            let of_file = KeyValue { key: name, value: Some(text(&value)) };
            self.writer.append_key_value_metadata(of_file);
        }
    }

    fn end(mut self: Box<Self>) -> Result<Box<dyn io::Read + Send>> {
        self.group().map_err(Error::internal)?;
        self.writer.finish().map_err(Error::internal)?;
        Ok(Box::new(io::Cursor::new(mem::take(self.writer.inner_mut()))))
    }
}

/// The column of a field. Any value may be null.
fn column(field: &Field) -> Result<Type, ParquetError> {
    let of = |physical| {
        Type::primitive_type_builder(&field.name, physical).with_repetition(Repetition::OPTIONAL)
    };
    match field.field_type {
        FieldType::Text | FieldType::List => {
            of(Physical::BYTE_ARRAY).with_logical_type(Some(LogicalType::String))
        }
        FieldType::Integer => of(Physical::INT64),
        FieldType::Number => of(Physical::DOUBLE),
        FieldType::Boolean => of(Physical::BOOLEAN),
        FieldType::Date => of(Physical::INT32).with_logical_type(Some(LogicalType::Date)),
        FieldType::Time => of(Physical::INT64)
            .with_logical_type(Some(LogicalType::timestamp(true, TimeUnit::NANOS))),
        FieldType::Decimal => of(Physical::FIXED_LEN_BYTE_ARRAY)
            .with_length(DECIMAL_BYTES)
            .with_precision(PRECISION)
            .with_scale(SCALE as i32)
            .with_logical_type(Some(LogicalType::decimal(SCALE as i32, PRECISION))),
    }
    .build()
}

/// The values of a column that wait to be written, and of each row whether it has one.
struct Column {
    values: Values,
    present: Vec<i16>,
}

enum Values {
    Text(Vec<ByteArray>),
    Integer(Vec<i64>),
    Number(Vec<f64>),
    Boolean(Vec<bool>),
    Date(Vec<i32>),
    Time(Vec<i64>),
    Decimal(Vec<FixedLenByteArray>),
}

impl Column {
    fn of(field: &Field) -> Self {
        let values = match field.field_type {
            FieldType::Text | FieldType::List => Values::Text(Vec::new()),
            FieldType::Integer => Values::Integer(Vec::new()),
            FieldType::Number => Values::Number(Vec::new()),
            FieldType::Boolean => Values::Boolean(Vec::new()),
            FieldType::Date => Values::Date(Vec::new()),
            FieldType::Time => Values::Time(Vec::new()),
            FieldType::Decimal => Values::Decimal(Vec::new()),
        };
        Self { values, present: Vec::new() }
    }

    /// Takes a value; none where it is not of the column's type.
    fn push(&mut self, value: &Value) -> Option<()> {
        self.present.push(i16::from(!value.is_null()));
        if value.is_null() {
            return Some(());
        }
        match &mut self.values {
            Values::Text(values) => values.push(text(value).into_bytes().into()),
            Values::Integer(values) => values.push(value.as_i64()?),
            Values::Number(values) => values.push(value.as_f64()?),
            Values::Boolean(values) => values.push(value.as_bool()?),
            Values::Date(values) => {
                let date: NaiveDate = value.as_str()?.parse().ok()?;
                values.push(date.to_epoch_days());
            }
            Values::Time(values) => {
                let time = DateTime::parse_from_rfc3339(value.as_str()?).ok()?;
                values.push(time.timestamp_nanos_opt()?);
            }
            Values::Decimal(values) => values.push(decimal(&text(value))?),
        }
        Some(())
    }

    fn write(self, group: &mut SerializedRowGroupWriter<'_, Vec<u8>>) -> Result<(), ParquetError> {
        let present = &self.present;
        let Some(mut column) = group.next_column()? else {
            return Err(ParquetError::General("there are more columns than fields".to_owned()));
        };
        match &self.values {
            Values::Text(values) => batch::<ByteArrayType>(&mut column, values, present),
            Values::Integer(values) | Values::Time(values) => {
                batch::<Int64Type>(&mut column, values, present)
            }
            Values::Number(values) => batch::<DoubleType>(&mut column, values, present),
            Values::Boolean(values) => batch::<BoolType>(&mut column, values, present),
            Values::Date(values) => batch::<Int32Type>(&mut column, values, present),
            Values::Decimal(values) => batch::<FixedLenByteArrayType>(&mut column, values, present),
        }?;
        column.close()
    }
}

fn batch<T: DataType>(
    column: &mut SerializedColumnWriter<'_>,
    values: &[T::T],
    present: &[i16],
) -> Result<(), ParquetError> {
    column.typed::<T>().write_batch(values, Some(present), None).map(|_| ())
}

/// A decimal as the whole number of its millionths, the highest byte first; none where it has more
/// decimals.
fn decimal(printed: &str) -> Option<FixedLenByteArray> {
    let decimal = printed.parse::<Decimal>().ok()?.normalize();
    let shift = SCALE.checked_sub(decimal.scale())?;
    let whole = decimal.mantissa().checked_mul(10_i128.checked_pow(shift)?)?;
    Some(FixedLenByteArray::from(whole.to_be_bytes().to_vec()))
}
