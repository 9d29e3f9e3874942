//! `Accept` -> the format that it likes best.

/// What `Accept` likes best of what is offered; of equals the first; none where it takes none of them.
#[must_use]
pub fn accepted<T: Copy>(
    accept: &str,
    offered: &[T],
    media_type: fn(T) -> &'static str,
) -> Option<T> {
    let accept = accept.to_ascii_lowercase();
    let mut best: Option<(T, f32)> = None;
    for &format in offered {
        let liked = liking(&accept, media_type(format));
        if liked > best.map_or(0.0, |(_, liked)| liked) {
            best = Some((format, liked));
        }
    }
    best.map(|(format, _)| format)
}

/// How much `Accept` likes a media type: the `q` of the range that names it most closely (RFC 9110).
fn liking(accept: &str, media_type: &str) -> f32 {
    let (kind, _) = media_type.split_once('/').unwrap_or((media_type, ""));
    let mut closest = (0, 0.0);
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let close = match name {
            "*/*" => 1,
            _ if name.strip_suffix("/*") == Some(kind) => 2,
            _ if name == media_type => 3,
            _ => 0,
        };
        if close > closest.0 {
            let weight = parts.find_map(|part| part.strip_prefix("q=")?.trim().parse().ok());
            closest = (close, weight.unwrap_or(1.0));
        }
    }
    closest.1
}
