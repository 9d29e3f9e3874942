//! The reading side through its front door: bytes in, a draft or a refusal out.

mod apart;
mod form;
mod glued;
mod mutated;
mod names;
mod outside;
mod printed;
mod refused;
mod robust;
mod several;
mod variants;
