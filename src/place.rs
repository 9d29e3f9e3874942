//! Where something stands in a document: what a reader of the record looks for in the original.

/// A place in a document, as its kind of document has places.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// Bytes of the decoded text, the first and the one after the last. `document::places_in_file` tells
    /// which bytes of the file they are.
    Bytes { from: u32, to: u32 },
    /// A box on a page: the page counted from 1, the box in points from the page's upper left corner.
    Page { page: u16, left: f32, top: f32, right: f32, bottom: f32 },
    /// A paragraph, counted from 1, of a document whose text is packed (DOCX, DOC).
    Paragraph { paragraph: u32 },
    /// A cell of a packed document's table, all counted from 1.
    Table { table: u16, row: u16, column: u16 },
    /// A cell of a workbook, all counted from 1.
    Sheet { sheet: u16, row: u32, column: u16 },
}

impl Place {
    /// Bytes of the decoded text.
    #[must_use]
    pub fn bytes(from: usize, to: usize) -> Self {
        let bounded = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self::Bytes { from: bounded(from), to: bounded(to) }
    }

    /// The place that holds both, where both are of one kind and page; else the first.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Bytes { from, to }, Self::Bytes { from: other_from, to: other_to }) => {
                Self::Bytes { from: from.min(other_from), to: to.max(other_to) }
            }
            (
                Self::Page { page, left, top, right, bottom },
                Self::Page { page: same, left: l, top: t, right: r, bottom: b },
            ) if page == same => Self::Page {
                page,
                left: left.min(l),
                top: top.min(t),
                right: right.max(r),
                bottom: bottom.max(b),
            },
            (first, _) => first,
        }
    }
}
