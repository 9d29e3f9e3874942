//! Indicators: rates made of the form's numbers, one aligned line each. Labels, formulas, legal basis
//! and how each is computed follow from here and stand nowhere else.
//!
//! Articles are those of the Regulations on Open Government Information (2019 revision).

use std::{fmt, str::FromStr};

use crate::template::{
    AppealResult, Applicant, Code, Group, Measure, RequestRow as Row, UnknownCode,
};

/// What an indicator divides by what: whole numbers of the form, added and taken away.
#[derive(Debug)]
pub struct Formula {
    /// Added up above the line.
    pub numerator: &'static [Measure],
    /// Added up below the line.
    pub denominator: &'static [Measure],
    /// Taken away below the line.
    pub less: &'static [Measure],
    /// The articles it rests on.
    pub articles: &'static str,
}

impl Formula {
    /// Every measure it is made of.
    pub fn measures(&self) -> impl Iterator<Item = Measure> {
        self.numerator.iter().chain(self.denominator).chain(self.less).copied()
    }
}

const fn row(row: Row) -> Measure {
    Measure::Request(row, Applicant::Total)
}

const fn group(group: Group) -> Measure {
    Measure::RequestGroup(group)
}

const fn reviews(result: AppealResult) -> Measure {
    Measure::Review(result)
}

const fn lawsuits(result: AppealResult) -> Measure {
    Measure::Lawsuits(result)
}

macro_rules! indicators {
    ($($variant:ident $code:literal $zh:literal $en:literal $articles:literal $numerator:expr, $denominator:expr, $less:expr;)+) => {
        /// An indicator: a rate made of numbers of the form.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Indicator { $(#[doc = $en] $variant),+ }

        impl Code for Indicator {
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
            fn label(self) -> &'static str {
                match self { $(Self::$variant => $zh),+ }
            }
            fn label_en(self) -> &'static str {
                match self { $(Self::$variant => $en),+ }
            }
        }

        impl Indicator {
            /// What is divided by what.
            #[must_use]
            pub const fn formula(self) -> &'static Formula {
                match self {
                    $(Self::$variant => const {
                        &Formula { numerator: &$numerator, denominator: &$denominator, less: &$less, articles: $articles }
                    }),+
                }
            }
        }
    };
}

use AppealResult::{Corrected, Pending, Total};

#[rustfmt::skip]
indicators! {
    DisclosureRate        "disclosure_rate"         "公开率"       "share of results that disclose, in whole or in part"   "36, 37"     [row(Row::Granted), row(Row::PartiallyGranted)], [row(Row::Total)],                            [];
    DenialRate            "denial_rate"             "不予公开率"    "share of results that deny"                             "14, 15, 16" [group(Group::Denied)],                          [row(Row::Total)],                            [];
    UnavailableRate       "unavailable_rate"        "无法提供率"    "share of results that could not be provided"            "30, 36, 38" [group(Group::Unavailable)],                     [row(Row::Total)],                            [];
    NotProcessedRate      "not_processed_rate"      "不予处理率"    "share of results not processed"                         "35, 36, 39" [group(Group::NotProcessed)],                    [row(Row::Total)],                            [];
    OtherResultsRate      "other_results_rate"      "其他处理率"    "share of other outcomes"                                "30, 42"     [group(Group::OtherResults)],                    [row(Row::Total)],                            [];
    CompletionRate        "completion_rate"         "办结率"       "share of the requests on hand that were answered"       "33"         [row(Row::Total)],                               [row(Row::Received), row(Row::CarriedOverIn)], [];
    ReviewCorrectionRate  "review_correction_rate"  "行政复议纠正率" "share of concluded reviews that corrected the agency"  "51"         [reviews(Corrected)],                            [reviews(Total)],                             [reviews(Pending)];
    LawsuitCorrectionRate "lawsuit_correction_rate" "行政诉讼纠正率" "share of concluded lawsuits that corrected the agency" "51"         [lawsuits(Corrected)],                           [lawsuits(Total)],                            [lawsuits(Pending)];
}

impl Indicator {
    /// The formula in codes: `requests.denied / requests.total`.
    #[must_use]
    pub fn formula_text(self) -> String {
        let Formula { numerator, denominator, less, .. } = self.formula();
        let sum = |plus: &[Measure], minus: &[Measure]| {
            let plus = plus.iter().map(|measure| measure.code()).collect::<Vec<_>>().join(" + ");
            let text = minus.iter().fold(plus, |text, minus| format!("{text} - {minus}"));
            if text.contains(' ') { format!("({text})") } else { text }
        };
        format!("{} / {}", sum(numerator, &[]), sum(denominator, less))
    }
}

impl fmt::Display for Indicator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Indicator {
    type Err = UnknownCode;

    fn from_str(code: &str) -> Result<Self, UnknownCode> {
        Self::of(code).ok_or_else(|| UnknownCode { name: "indicator", code: code.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_indicator_is_made_of_counts_and_its_code_is_no_measure() {
        for &indicator in Indicator::ALL {
            assert!(indicator.code().parse::<Measure>().is_err(), "{indicator}");
            assert_eq!(indicator.code().parse(), Ok(indicator));
            assert!(indicator.formula().measures().all(|measure| !measure.is_amount()));
        }
    }

    #[test]
    fn a_formula_reads_as_it_is_computed() {
        let formulas =
            [Indicator::DisclosureRate, Indicator::DenialRate, Indicator::ReviewCorrectionRate]
                .map(Indicator::formula_text);
        assert_eq!(
            formulas,
            [
                "(requests.granted + requests.partially_granted) / requests.total",
                "requests.denied / requests.total",
                "reviews.corrected / (reviews.total - reviews.pending)",
            ]
        );
    }
}
