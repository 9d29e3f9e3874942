//! The reading side through its front door: bytes in, a draft or a refusal out.

mod form;
mod outside;
mod refused;
mod robust;
mod variants;
