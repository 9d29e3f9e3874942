//! The reading side through its front door: bytes in, a draft or a refusal out.

#[path = "reading/form.rs"]
mod form;
#[path = "reading/outside.rs"]
mod outside;
#[path = "reading/refused.rs"]
mod refused;
#[path = "reading/robust.rs"]
mod robust;
#[path = "reading/variants.rs"]
mod variants;
