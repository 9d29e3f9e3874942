//! The elements of HTML by name, and what a parser has to know of each.
//!
//! Takes a tag's name in small letters; gives the element and its traits. What is not listed is an
//! element all the same, known by its name's number, and has none of them.

use std::{collections::HashMap, sync::LazyLock};

/// Holds nothing and has no end tag.
const VOID: u16 = 1;
/// Content that is not shown, is no text of the page's, or is struck out.
const LEFT_OUT: u16 = 1 << 1;
/// Ends a paragraph where it begins and where it ends.
const BLOCK: u16 = 1 << 2;
/// Stops the search of an end tag for what it ends.
const SPECIAL: u16 = 1 << 3;
/// Opened again where a block that ends has closed it before its own end tag.
const FORMATTING: u16 = 1 << 4;
/// Ends an open `p` where it begins.
const CLOSES_P: u16 = 1 << 5;
/// Its end tag may be left out.
const IMPLIED: u16 = 1 << 6;
/// What is open outside of it cannot be ended from inside.
const SCOPE: u16 = 1 << 7;
/// Content without markup.
const RAW: u16 = 1 << 8;
/// Begins HTML again inside a drawing or a formula.
const INTEGRATION: u16 = 1 << 9;
/// Ends a drawing or a formula that it stands in.
const BREAKOUT: u16 = 1 << 10;

/// Paragraph-like: what `div` is.
const DIV: u16 = BLOCK | SPECIAL | CLOSES_P | BREAKOUT;
/// As [`DIV`], but its beginning is no end of a paragraph's text.
const PLAIN: u16 = SPECIAL | CLOSES_P;
/// As `meta` is.
const LEAF: u16 = VOID | SPECIAL;
/// As `b` is.
const FONT: u16 = FORMATTING | BREAKOUT;

macro_rules! elements {
    ($($name:literal $variant:ident $traits:expr;)+) => {
        /// An element.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Element { $($variant,)+ Other(u32) }

        impl Element {
            const fn traits(self) -> u16 {
                match self { $(Self::$variant => $traits,)+ Self::Other(_) => 0 }
            }
        }

        const KNOWN: &[(&str, Element)] = &[$(($name, Element::$variant)),+];
    };
}

elements! {
    "a" A FORMATTING;
    "address" Address DIV;
    "annotation-xml" AnnotationXml INTEGRATION;
    "applet" Applet SPECIAL | SCOPE;
    "area" Area LEAF;
    "article" Article DIV;
    "aside" Aside DIV;
    "audio" Audio LEFT_OUT;
    "b" B FONT;
    "base" Base LEAF;
    "basefont" Basefont LEAF;
    "bgsound" Bgsound LEAF;
    "big" Big FONT;
    "blockquote" Blockquote DIV;
    "body" Body SPECIAL | BREAKOUT;
    "br" Br LEAF | BREAKOUT;
    "button" Button SPECIAL | LEFT_OUT;
    "canvas" Canvas LEFT_OUT;
    "caption" Caption BLOCK | SPECIAL | SCOPE;
    "center" Center DIV;
    "code" Code FONT;
    "col" Col LEAF;
    "colgroup" Colgroup SPECIAL;
    "datalist" Datalist LEFT_OUT;
    "dd" Dd BLOCK | SPECIAL | IMPLIED | BREAKOUT;
    "del" Del LEFT_OUT;
    "desc" Desc INTEGRATION;
    "details" Details PLAIN;
    "dialog" Dialog PLAIN;
    "dir" Dir PLAIN;
    "div" Div DIV;
    "dl" Dl DIV;
    "dt" Dt BLOCK | SPECIAL | IMPLIED | BREAKOUT;
    "em" Em FONT;
    "embed" Embed LEAF | BREAKOUT;
    "fieldset" Fieldset DIV;
    "figcaption" Figcaption PLAIN;
    "figure" Figure PLAIN;
    "font" Font FORMATTING;
    "footer" Footer DIV;
    "foreignobject" ForeignObject INTEGRATION;
    "form" Form BLOCK | SPECIAL;
    "frame" Frame LEAF;
    "frameset" Frameset SPECIAL | LEFT_OUT;
    "h1" H1 DIV;
    "h2" H2 DIV;
    "h3" H3 DIV;
    "h4" H4 DIV;
    "h5" H5 DIV;
    "h6" H6 DIV;
    "head" Head SPECIAL | BREAKOUT;
    "header" Header DIV;
    "hgroup" Hgroup PLAIN;
    "hr" Hr BLOCK | LEAF | BREAKOUT;
    "html" Html SPECIAL;
    "i" I FONT;
    "iframe" Iframe SPECIAL | LEFT_OUT | RAW;
    "image" Image LEAF;
    "img" Img LEAF | BREAKOUT;
    "input" Input LEAF;
    "keygen" Keygen LEAF;
    "li" Li BLOCK | SPECIAL | IMPLIED | BREAKOUT;
    "link" Link LEAF;
    "listing" Listing PLAIN | BREAKOUT;
    "main" Main DIV;
    "marquee" Marquee SPECIAL | SCOPE;
    "math" Math LEFT_OUT;
    "menu" Menu PLAIN | BREAKOUT;
    "meta" Meta LEAF | BREAKOUT;
    "mi" Mi INTEGRATION;
    "mn" Mn INTEGRATION;
    "mo" Mo INTEGRATION;
    "ms" Ms INTEGRATION;
    "mtext" Mtext INTEGRATION;
    "nav" Nav DIV;
    "nobr" Nobr FONT;
    "noembed" Noembed SPECIAL | LEFT_OUT | RAW;
    "noframes" Noframes SPECIAL | LEFT_OUT | RAW;
    "noscript" Noscript SPECIAL | LEFT_OUT | RAW;
    "object" Object SPECIAL | SCOPE | LEFT_OUT;
    "ol" Ol DIV;
    "optgroup" Optgroup IMPLIED;
    "option" Option IMPLIED;
    "p" P DIV | IMPLIED;
    "param" Param LEAF;
    "plaintext" Plaintext PLAIN;
    "pre" Pre DIV;
    "rb" Rb IMPLIED;
    "rp" Rp IMPLIED | LEFT_OUT;
    "rt" Rt IMPLIED | LEFT_OUT;
    "rtc" Rtc IMPLIED;
    "ruby" Ruby BREAKOUT;
    "s" S FONT | LEFT_OUT;
    "script" Script SPECIAL | LEFT_OUT | RAW;
    "search" Search PLAIN;
    "section" Section DIV;
    "select" Select SPECIAL | LEFT_OUT;
    "small" Small FONT;
    "source" Source LEAF;
    "span" Span BREAKOUT;
    "strike" Strike FONT | LEFT_OUT;
    "strong" Strong FONT;
    "style" Style SPECIAL | LEFT_OUT | RAW;
    "sub" Sub BREAKOUT;
    "summary" Summary PLAIN;
    "sup" Sup BREAKOUT;
    "svg" Svg LEFT_OUT;
    "table" Table BLOCK | SPECIAL | SCOPE | BREAKOUT;
    "tbody" Tbody BLOCK | SPECIAL;
    "td" Td BLOCK | SPECIAL | SCOPE;
    "template" Template SPECIAL | SCOPE | LEFT_OUT;
    "textarea" Textarea SPECIAL | LEFT_OUT | RAW;
    "tfoot" Tfoot BLOCK | SPECIAL;
    "th" Th BLOCK | SPECIAL | SCOPE;
    "thead" Thead BLOCK | SPECIAL;
    "title" Title SPECIAL | LEFT_OUT | RAW | INTEGRATION;
    "tr" Tr BLOCK | SPECIAL;
    "track" Track LEAF;
    "tt" Tt FONT;
    "u" U FONT;
    "ucapcontent" Ucapcontent BLOCK;
    "ul" Ul DIV;
    "video" Video LEFT_OUT;
    "wbr" Wbr LEAF;
    "xml" Xml LEFT_OUT;
    "xmp" Xmp PLAIN | RAW;
}

/// Bytes of the longest name that is known.
const NAME_BYTES: usize = 16;

/// The known names as numbers, in order: compared at once.
static BY_NAME: LazyLock<Vec<(u128, Element)>> = LazyLock::new(|| {
    let mut names: Vec<(u128, Element)> = KNOWN
        .iter()
        .filter_map(|(name, element)| Some((packed(name.as_bytes())?, *element)))
        .collect();
    names.sort_unstable_by_key(|(name, _)| *name);
    names
});

fn packed(name: &[u8]) -> Option<u128> {
    let mut bytes = [0; NAME_BYTES];
    bytes.get_mut(..name.len())?.copy_from_slice(name);
    Some(u128::from_le_bytes(bytes))
}

/// Names that are told at a glance.
const RECENT: usize = 64;

/// The names of one page.
#[derive(Debug)]
pub(super) struct Names {
    unknown: HashMap<Vec<u8>, u32>,
    /// Names told before, each at the place its bytes give: a page has few, and each many times.
    recent: [(u128, Element); RECENT],
}

impl Default for Names {
    fn default() -> Self {
        // No name is packed as zero.
        Self { unknown: HashMap::new(), recent: [(0, Element::FOREIGN); RECENT] }
    }
}

impl Names {
    /// The element of a name.
    pub(super) fn element(&mut self, name: &[u8]) -> Element {
        let Some(name) = packed(name) else { return self.unknown(name) };
        let [low, high] = [name as u64, (name >> 64) as u64];
        let mixed = (low ^ high).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let at = usize::try_from(mixed >> 58).unwrap_or(0);
        if self.recent[at].0 == name {
            return self.recent[at].1;
        }
        let known = BY_NAME.binary_search_by_key(&name, |(known, _)| *known);
        let element = match known {
            Ok(at) => BY_NAME[at].1,
            Err(_) => self.unknown(&name.to_le_bytes()),
        };
        self.recent[at] = (name, element);
        element
    }

    fn unknown(&mut self, name: &[u8]) -> Element {
        if let Some(number) = self.unknown.get(name) {
            return Element::Other(*number);
        }
        let number = u32::try_from(self.unknown.len()).unwrap_or(u32::MAX);
        self.unknown.insert(name.to_owned(), number);
        Element::Other(number)
    }
}

impl Element {
    /// An element of a drawing or a formula, whatever its name.
    pub(super) const FOREIGN: Self = Self::Other(u32::MAX);

    const fn has(self, traits: u16) -> bool {
        self.traits() & traits != 0
    }
    pub(super) const fn is_void(self) -> bool {
        self.has(VOID)
    }
    pub(super) const fn is_left_out(self) -> bool {
        self.has(LEFT_OUT)
    }
    pub(super) const fn is_block(self) -> bool {
        self.has(BLOCK)
    }
    pub(super) const fn is_special(self) -> bool {
        self.has(SPECIAL)
    }
    pub(super) const fn is_formatting(self) -> bool {
        self.has(FORMATTING)
    }
    pub(super) const fn closes_p(self) -> bool {
        self.has(CLOSES_P)
    }
    pub(super) const fn may_be_left_open(self) -> bool {
        self.has(IMPLIED)
    }
    pub(super) const fn is_scope(self) -> bool {
        self.has(SCOPE)
    }
    pub(super) const fn is_raw(self) -> bool {
        self.has(RAW)
    }
    pub(super) const fn is_integration(self) -> bool {
        self.has(INTEGRATION)
    }
    pub(super) const fn breaks_out(self) -> bool {
        self.has(BREAKOUT)
    }
    pub(super) const fn is_heading(self) -> bool {
        matches!(self, Self::H1 | Self::H2 | Self::H3 | Self::H4 | Self::H5 | Self::H6)
    }
    pub(super) const fn is_foreign_root(self) -> bool {
        matches!(self, Self::Svg | Self::Math)
    }
    /// What a table is made of, its cells aside: text right inside belongs outside the table.
    pub(super) const fn is_table_frame(self) -> bool {
        matches!(self, Self::Table | Self::Tbody | Self::Thead | Self::Tfoot | Self::Tr)
    }
    pub(super) const fn is_table_part(self) -> bool {
        let is_cell = matches!(self, Self::Td | Self::Th | Self::Caption | Self::Colgroup);
        is_cell || self.is_table_frame()
    }
    /// What holds its text's line ends.
    pub(super) const fn is_preformatted(self) -> bool {
        matches!(self, Self::Pre | Self::Listing | Self::Xmp | Self::Plaintext)
    }
}
