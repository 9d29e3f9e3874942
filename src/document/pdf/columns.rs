pub(super) fn tables(_: usize) {}
