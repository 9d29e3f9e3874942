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

/// How well `Accept` likes each of what is offered: by rank, from 1 for what it likes least; 0 for what it
/// does not take. Nothing where it likes all the same. What it likes best of some of these follows from it.
#[must_use]
pub fn ranks(accept: &str, offered: &[&str]) -> Vec<u8> {
    let accept = accept.to_ascii_lowercase();
    let likings: Vec<f32> = offered.iter().map(|media_type| liking(&accept, media_type)).collect();
    if likings.iter().all(|liking| *liking > 0.0 && *liking == likings[0]) {
        return Vec::new();
    }
    let mut steps = likings.clone();
    steps.retain(|liking| *liking > 0.0);
    steps.sort_by(f32::total_cmp);
    steps.dedup();
    let rank = |liking: &f32| steps.iter().position(|step| step == liking).map_or(0, |at| at + 1);
    // Few are offered, so few are the ranks.
    likings.iter().map(|liking| u8::try_from(rank(liking)).unwrap_or(u8::MAX)).collect()
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
