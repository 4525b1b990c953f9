//! A result as rows and columns.

use comfy_table::CellAlignment;
use jaq_all::json::Val;
use mailstore_codegen::model::Field;
use miette::{IntoDiagnostic as _, Report};

use crate::human::{self, Unit};
use crate::output::table;
use crate::value;

/// Rows with named columns. A single object has one row.
pub(crate) struct Rows {
    columns: Vec<String>,
    rows: Vec<Vec<Val>>,
    /// Whether the value was an object and not a list.
    is_one: bool,
}

impl Rows {
    /// Returns the items of a list as rows, with a column for each member. Values that are not objects are in the column
    /// `value`.
    pub(crate) fn of(value: &Val) -> Self {
        let (items, is_one) = match value {
            Val::Arr(items) => (items.as_slice(), false),
            one => (std::slice::from_ref(one), true),
        };
        let mut columns = value::names(items);
        let other = items.iter().any(|item| !matches!(item, Val::Obj(_)));
        if other {
            columns.insert(0, "value".to_owned());
        }
        let row = |item: &Val| -> Vec<Val> {
            let mut cells: Vec<Val> = columns.iter().map(|name| value::member(item, name)).collect();
            if other && !matches!(item, Val::Obj(_)) {
                cells[0] = item.clone();
            }
            cells
        };
        let rows = items.iter().map(row).collect();
        Self {
            columns,
            rows,
            is_one,
        }
    }

    /// Returns the rows as comma-separated values with a header. Values are exact.
    pub(crate) fn csv(&self) -> Result<String, Report> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        if !self.columns.is_empty() {
            writer.write_record(&self.columns).into_diagnostic()?;
        }
        for row in &self.rows {
            writer
                .write_record(row.iter().map(value::text))
                .into_diagnostic()?;
        }
        let bytes = writer.into_inner().into_diagnostic()?;
        String::from_utf8(bytes).into_diagnostic()
    }

    /// Returns the rows as a table for people. A single object is shown with one line for each member.
    pub(crate) fn table(&self, fields: &[Field]) -> String {
        let units: Vec<Unit> = self
            .columns
            .iter()
            .map(|column| human::unit_of(column, fields))
            .collect();
        let shown = |cell: &Val, unit: Unit| {
            let text = human::text(cell, unit);
            mailstore_reach::printable(&text).whole().to_string()
        };
        let mut table = table();
        let is_plain = self.columns == ["value"];
        match self.rows.first() {
            None => return "(none)\n".to_owned(),
            Some(row) if self.is_one && !is_plain => {
                for ((name, cell), unit) in self.columns.iter().zip(row).zip(units) {
                    table.add_row([name.clone(), shown(cell, unit)]);
                }
            }
            Some(_) => {
                if !is_plain {
                    table.set_header(&self.columns);
                }
                for row in &self.rows {
                    table.add_row(row.iter().zip(&units).map(|(cell, unit)| shown(cell, *unit)));
                }
                for (index, column) in table.column_iter_mut().enumerate() {
                    let is_number = |row: &Vec<Val>| matches!(row[index], Val::Num(_) | Val::Null);
                    if self.rows.iter().all(is_number) {
                        column.set_cell_alignment(CellAlignment::Right);
                    }
                }
            }
        }
        table.trim_fmt() + "\n"
    }
}
