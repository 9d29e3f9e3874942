//! Formatting that is not ended where its paragraph is: `<s>` goes on in the next one.
//!
//! As browsers do it, but for the order of elements, which shows nothing here.

use super::{
    elements::Element,
    tree::{Tag, Tree},
};
use crate::error::Result;

/// How many formatting elements alike may be active: browsers forget the first of more.
const ALIKE: usize = 3;

/// Formatting elements that are not ended, whether open or closed by a block around them.
#[derive(Debug, Default)]
pub(super) struct Active<'a> {
    entries: Vec<Entry<'a>>,
    last_id: u32,
}

#[derive(Debug)]
enum Entry<'a> {
    /// A cell, a caption or the like: what is active outside is not opened again inside.
    Mark,
    Format {
        element: Element,
        id: u32,
        is_open: bool,
        is_hiding: bool,
        source: &'a str,
    },
}

impl<'a> Active<'a> {
    pub(super) fn mark(&mut self) {
        self.entries.push(Entry::Mark);
    }

    /// Forgets all down to the last mark.
    pub(super) fn unmark(&mut self) {
        while self.entries.pop().is_some_and(|entry| !matches!(entry, Entry::Mark)) {}
    }

    /// Notes that an element is open no more.
    pub(super) fn close(&mut self, closed: u32) {
        if closed == 0 {
            return;
        }
        for entry in self.entries.iter_mut().rev() {
            if let Entry::Format { id, is_open, .. } = entry
                && *id == closed
            {
                *is_open = false;
                return;
            }
        }
    }

    /// Where what follows the last mark begins.
    fn from(&self) -> usize {
        let mark = self.entries.iter().rposition(|entry| matches!(entry, Entry::Mark));
        mark.map_or(0, |at| at + 1)
    }

    /// The last one of an element: its index, number, and whether it is open.
    fn find(&self, wanted: Element) -> Option<(usize, u32, bool)> {
        for (at, entry) in self.entries.iter().enumerate().rev() {
            match entry {
                Entry::Mark => return None,
                Entry::Format { element, id, is_open, .. } if *element == wanted => {
                    return Some((at, *id, *is_open));
                }
                Entry::Format { .. } => {}
            }
        }
        None
    }

    pub(super) fn has(&self, element: Element) -> bool {
        self.find(element).is_some()
    }

    pub(super) fn forget(&mut self, element: Element) {
        if let Some((at, ..)) = self.find(element) {
            self.entries.remove(at);
        }
    }

    fn add(&mut self, element: Element, tag: &Tag<'a>) -> u32 {
        let from = self.from();
        let is_alike = |entry: &Entry<'_>| match entry {
            Entry::Format { element: other, source, .. } => {
                *other == element && *source == tag.source
            }
            Entry::Mark => false,
        };
        let mut alike = (from..self.entries.len()).filter(|&at| is_alike(&self.entries[at]));
        if let Some(first) = alike.next()
            && alike.count() + 1 >= ALIKE
        {
            self.entries.remove(first);
        }
        self.last_id += 1;
        let entry = Entry::Format {
            element,
            id: self.last_id,
            is_open: true,
            is_hiding: tag.is_hiding,
            source: tag.source,
        };
        self.entries.push(entry);
        self.last_id
    }
}

impl<'a> Tree<'a> {
    pub(super) fn start_formatting(&mut self, element: Element, tag: &Tag<'a>) -> Result<()> {
        self.reopen_formatting()?;
        let id = self.active.add(element, tag);
        self.push_active(element, tag.is_hiding, id)
    }

    /// Opens again what a block has closed.
    pub(super) fn reopen_formatting(&mut self) -> Result<()> {
        let is_closed = |entry: &Entry<'_>| matches!(entry, Entry::Format { is_open: false, .. });
        if !self.active.entries.last().is_some_and(is_closed) {
            return Ok(());
        }
        let closed = self.active.entries.iter().rev().take_while(|entry| is_closed(entry)).count();
        self.count(closed)?;
        for at in self.active.entries.len() - closed..self.active.entries.len() {
            if let Entry::Format { element, id, is_open, is_hiding, .. } =
                &mut self.active.entries[at]
            {
                *is_open = true;
                let (element, id, is_hiding) = (*element, *id, *is_hiding);
                self.push_active(element, is_hiding, id)?;
            }
        }
        Ok(())
    }

    /// Ends formatting, also where blocks that began in it are still open.
    pub(super) fn end_formatting(&mut self, element: Element) {
        let Some((entry, id, is_open)) = self.active.find(element) else {
            return self.end_any(element);
        };
        let found = self.open.iter().rposition(|open| open.id == id).filter(|_| is_open);
        let Some(at) = found else {
            self.active.entries.remove(entry);
            return;
        };
        if self.open[at + 1..].iter().any(|open| open.element.is_scope()) {
            return self.leave_outer(element);
        }
        self.active.entries.remove(entry);
        if !self.open[at + 1..].iter().any(|open| open.element.is_special()) {
            return self.pop_to(at);
        }
        // Blocks stay open, what else began in it ends with it.
        let inner = self.open.split_off(at);
        for open in inner {
            if open.element.is_special() {
                self.open.push(open);
                self.look_inside(self.open.len() - 1);
            } else {
                self.active.close(open.id);
            }
        }
    }
}
