//! The reading side through its front door: bytes in, a draft or a refusal out.

mod apart;
mod damaged;
pub mod form;
mod glued;
mod moved;
mod mutated;
mod names;
mod office;
mod outside;
mod pdf;
mod places;
mod printed;
mod refused;
mod robust;
mod several;
mod variants;
