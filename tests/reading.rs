//! The reading side through its front door: bytes in, a draft or a refusal out.

mod form;
mod glued;
mod mutated;
pub mod form;
mod names;
mod outside;
mod pdf;
mod printed;
mod refused;
mod robust;
mod several;
mod variants;
