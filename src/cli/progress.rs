//! How far an import is: a bar on a terminal, with the rate and the time left; nothing elsewhere.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    error::{Error, Result},
    import::Done,
    source::Input,
};

/// How often a spinner turns.
const TURN: Duration = Duration::from_millis(200);

/// The bar. It counts bytes of the inputs, since an archive does not say how many documents it holds.
pub struct Progress {
    bar: ProgressBar,
    /// Where each input begins, in bytes of all inputs, and the end of the last.
    begins: Vec<u64>,
    documents: u64,
}

impl Progress {
    /// A bar for inputs; a spinner where one of them does not tell its size.
    pub fn of(inputs: &[Input]) -> Result<Self> {
        let sizes: Option<Vec<u64>> = inputs.iter().map(Input::bytes).collect();
        let mut begins = vec![0];
        let (bar, style) = match sizes {
            Some(sizes) => {
                let mut end = 0;
                begins.extend(sizes.iter().map(|bytes| {
                    end += bytes;
                    end
                }));
                (ProgressBar::new(end), "{bar:30} {percent}%, {eta} left, {wide_msg}")
            }
            None => (ProgressBar::new_spinner(), "{spinner} {wide_msg}"),
        };
        let style = ProgressStyle::with_template(style).map_err(Error::internal)?;
        bar.set_style(style);
        bar.enable_steady_tick(TURN);
        Ok(Self { bar, begins, documents: 0 })
    }

    /// Shows that a document is done.
    pub fn show(&mut self, done: &Done) {
        self.documents += 1;
        if let [begin, end] = self.begins[..].get(done.input..done.input + 2).unwrap_or(&[])[..] {
            self.bar.set_position((begin + done.consumed).min(end));
        }
        let seconds = self.bar.elapsed().as_secs_f64().max(TURN.as_secs_f64());
        let rate = self.documents as f64 / seconds;
        let Self { documents, .. } = self;
        self.bar.set_message(format!("{documents} documents, {rate:.0}/s  {}", done.path));
    }

    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
