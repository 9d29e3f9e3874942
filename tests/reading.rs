//! The reading side through its front door: bytes in, a draft or a refusal out.

#[path = "reading/outside.rs"]
mod outside;
