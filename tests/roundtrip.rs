//! Any report, rendered in each of the ways reports are published, reads back with the same numbers; only
//! where digits run together may one be ambiguous instead.

mod glued;
mod html;
mod ofd;
mod office;
mod sample;
mod text;
