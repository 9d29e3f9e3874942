//! The national form of the annual report: THE vocabulary of this project.
//!
//! One aligned line a row, column, item, result or group: its number in the form (also its code in
//! the database), its code, its label as printed, its English label, and what else the form says of
//! it. Codes of APIs and command line, the matching of printed labels, the identities that are
//! checked, headings and `docs/template.md` follow from here and stand nowhere else.
//!
//! Sources: Regulations on Open Government Information (2019 revision), Articles 14 to 16, 20, 30 to
//! 42, 49 and 50; template `2019`: 国办公开办函〔2019〕60号; template `2021`: 国办公开办函〔2021〕30号.

use std::{fmt, str::FromStr, sync::LazyLock};

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// What every code of the vocabulary can say of itself.
pub trait Code: Copy + Sized + 'static {
    /// Every value, in the form's order.
    const ALL: &'static [Self];
    /// The code, the same from table to URL.
    fn code(self) -> &'static str;
    /// The Chinese label, as printed.
    fn label(self) -> &'static str;
    /// The English label.
    fn label_en(self) -> &'static str;
    /// The value of a code.
    fn of(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.code() == code)
    }
}

/// A code that is not of the vocabulary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCode {
    pub name: &'static str,
    pub code: String,
}

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown {} {:?}", self.name, self.code)
    }
}

impl std::error::Error for UnknownCode {}

/// Makes an enum, its codes, labels and database codes from one table.
macro_rules! codes {
    (@enum [$($head:tt)*] [$rs_type:literal $db_type:literal] $name:ident $parameter:literal
        $($code:tt $variant:ident [$($db:tt)*] [$($item:tt)*] $zh:literal $en:literal)+) => {
        $($head)*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum,
            Serialize, Deserialize, utoipa::ToSchema,
        )]
        #[sea_orm(rs_type = $rs_type, db_type = $db_type)]
        pub enum $name {
            $(
                #[doc = $en]
                #[serde(rename = $code)]
                #[sea_orm($($db)*)]
                $($item)*
                $variant,
            )+
        }

        impl Code for $name {
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

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.code())
            }
        }

        impl FromStr for $name {
            type Err = UnknownCode;
            fn from_str(code: &str) -> Result<Self, UnknownCode> {
                Self::of(code).ok_or_else(|| UnknownCode { name: $parameter, code: code.to_owned() })
            }
        }
    };
    // What a report or an agency is: stored by its code.
    ($(#[$meta:meta])* text $name:ident $parameter:literal {
        $($variant:ident $code:tt $zh:literal $en:literal;)+
    }) => {
        codes! { @enum [$(#[$meta])* #[derive(async_graphql::Enum)]] ["String" "Text"] $name $parameter
            $($code $variant [string_value = $code] [#[graphql(name = $code)]] $zh $en)+ }
    };
    // The same, where a code is no name in GraphQL: 2019.
    ($(#[$meta:meta])* scalar $name:ident $parameter:literal $description:literal {
        $($variant:ident $code:tt $zh:literal $en:literal;)+
    }) => {
        codes! { @enum [$(#[$meta])*] ["String" "Text"] $name $parameter
            $($code $variant [string_value = $code] [] $zh $en)+ }
        async_graphql::scalar!($name, $parameter, $description);
    };
    // What stands in the form: stored by its number there, with a form of its own.
    ($(#[$meta:meta])* number $name:ident $parameter:literal $form:ident {
        $($number:literal $variant:ident $code:tt $zh:literal $en:literal $value:expr;)+
    }) => {
        codes! { @enum [$(#[$meta])*] ["i16" "SmallInteger"] $name $parameter
            $($code $variant [num_value = $number] [] $zh $en)+ }

        impl $name {
            /// What the form says of it.
            #[must_use]
            pub const fn form(self) -> &'static $form {
                match self { $(Self::$variant => const { &$value }),+ }
            }
            /// Its number in the form, from 1; its code in the database.
            #[must_use]
            pub const fn number(self) -> i16 {
                match self { $(Self::$variant => $number),+ }
            }
        }
    };
}

codes! {
    /// The template a report was written in: what the document holds, not what its year says.
    scalar Template "Template" "A template of the national form: `2019` or `2021`." {
        T2019 "2019" "2019年格式（国办公开办函〔2019〕60号）" "Template of 2019, for report years 2019 and 2020";
        T2021 "2021" "2021年格式（国办公开办函〔2021〕30号）" "Template of 2021, for report years from 2021 on";
    }
}

impl Template {
    /// The template the rules ask for in a report year; none before 2019.
    #[must_use]
    pub const fn of_year(year: i32) -> Option<Self> {
        match year {
            ..2019 => None,
            2019..=2020 => Some(Self::T2019),
            _ => Some(Self::T2021),
        }
    }
}

codes! {
    /// Whose numbers a report holds.
    text Scope "scope" {
        Own          "own"          "本机关"   "the agency's own numbers";
        Consolidated "consolidated" "本行政区域" "the numbers of the whole area a local government governs";
    }
}

codes! {
    /// What kind of agency it is.
    text AgencyKind "kind" {
        Government         "government"          "人民政府"      "people's government at county level or above";
        Department         "department"          "部门"         "department of a government";
        TownshipGovernment "township_government" "乡镇人民政府"   "people's government of a township or town";
        SubdistrictOffice  "subdistrict_office"  "街道办事处"     "subdistrict office";
        Other              "other"               "其他"         "administrative committee, public institution, other";
    }
}

codes! {
    /// The level of a region, and of the agencies that belong to it.
    text Level "level" {
        National   "national"   "全国" "national";
        Province   "province"   "省级" "province";
        Prefecture "prefecture" "地级" "prefecture";
        County     "county"     "县级" "county";
        Township   "township"   "乡级" "township";
    }
}

codes! {
    /// What stands in a cell of the form. Only a `reported` cell has a value.
    text CellState "state" {
        Reported      "reported"        "有数字"   "a number stands there, 0 included";
        Blank         "blank"           "空白"     "nothing stands there";
        Slash         "slash"           "斜线"     "a slash stands there";
        Dash          "dash"            "横线"     "a dash stands there";
        None          "none"            "无"      "the word 无 (none) stands there";
        Ambiguous     "ambiguous"       "不能确定" "digits stand there, but not which belong to which cell";
        Unreadable    "unreadable"      "不可读"   "something stands there that is no number of this cell";
        NotInTemplate "not_in_template" "表中无此项" "the document's form has no such cell";
    }
}

impl CellState {
    /// Whether a cell in this state counts as 0 in sums and identities.
    #[must_use]
    pub const fn counts_as_zero(self) -> bool {
        matches!(self, Self::Blank | Self::Slash | Self::Dash | Self::None | Self::NotInTemplate)
    }
}

codes! {
    /// How much a finding weighs.
    text Severity "severity" {
        Error   "error"   "错误" "an identity of the form does not hold";
        Warning "warning" "警示" "two statements of the agency disagree";
        Notice  "notice"  "提示" "worth knowing";
    }
}

codes! {
    /// What changed a report after it was first imported.
    text ChangeKind "change" {
        Revised    "revised"    "修订" "another document of the same agency, year and scope came in";
        Withdrawn  "withdrawn"  "撤回" "the operator took the report out of the record";
        Reassigned "reassigned" "改归" "the operator corrected whose report it is, or on which year";
        Merged     "merged"     "并入" "the operator found two agencies to be one";
    }
}

/// Where and how an item of section 2 is printed.
#[derive(Debug)]
pub struct ItemForm {
    /// The item of Article 20 as printed in the table's bar: `（一）`.
    pub article_item: &'static str,
    /// Other wordings met.
    pub wordings: &'static [&'static str],
    /// Its measures in template `2019` and in template `2021`; none: the item is not in it.
    pub measures: [&'static [ItemMeasure]; 2],
}

use ItemMeasure as M;

codes! {
    /// An item of section 2, 主动公开政府信息情况 (Article 20).
    number Item "item" ItemForm {
        1 Rules                   "rules"                    "规章"           "rules of departments and local governments"       ItemForm { article_item: "（一）", wordings: &[],              measures: [&[M::NewlyMade, M::NewlyDisclosed, M::TotalDisclosed], &[M::Issued, M::Repealed, M::InForce]] };
        2 NormativeDocuments      "normative_documents"      "行政规范性文件"  "normative documents"                               ItemForm { article_item: "（一）", wordings: &["规范性文件"],    measures: [&[M::NewlyMade, M::NewlyDisclosed, M::TotalDisclosed], &[M::Issued, M::Repealed, M::InForce]] };
        3 AdministrativeLicensing "administrative_licensing" "行政许可"       "administrative licensing"                          ItemForm { article_item: "（五）", wordings: &[],              measures: [&[M::PreviousItems, M::Change, M::Decisions], &[M::Decisions]] };
        4 OtherPublicServices     "other_public_services"    "其他对外管理服务事项" "other administrative and public services"      ItemForm { article_item: "（五）", wordings: &["其他对外管理服务"], measures: [&[M::PreviousItems, M::Change, M::Decisions], &[]] };
        5 AdministrativePenalties "administrative_penalties" "行政处罚"       "administrative penalties"                          ItemForm { article_item: "（六）", wordings: &[],              measures: [&[M::PreviousItems, M::Change, M::Decisions], &[M::Decisions]] };
        6 AdministrativeCoercion  "administrative_coercion"  "行政强制"       "administrative coercion"                           ItemForm { article_item: "（六）", wordings: &[],              measures: [&[M::PreviousItems, M::Change, M::Decisions], &[M::Decisions]] };
        7 AdministrativeFees      "administrative_fees"      "行政事业性收费"  "administrative fees"                               ItemForm { article_item: "（八）", wordings: &["行政事业收费"],   measures: [&[M::PreviousItems, M::Change], &[M::Amount]] };
        8 CentralizedProcurement  "centralized_procurement"  "政府集中采购"    "centralized government procurement"                ItemForm { article_item: "（九）", wordings: &["集中采购"],      measures: [&[M::Projects, M::Amount], &[]] };
    }
}

impl Item {
    /// The measures a template prints for this item, in the form's order.
    #[must_use]
    pub const fn measures(self, template: Template) -> &'static [ItemMeasure] {
        match template {
            Template::T2019 => self.form().measures[0],
            Template::T2021 => self.form().measures[1],
        }
    }
}

/// How a column of section 2 is printed, and what it counts.
#[derive(Debug)]
pub struct ItemMeasureForm {
    /// Other wordings met.
    pub wordings: &'static [&'static str],
    /// `documents`, `items`, `decisions`, `projects` or `CNY`.
    pub unit: &'static str,
}

codes! {
    /// A measure of a disclosure item: a column head of section 2.
    number ItemMeasure "measure" ItemMeasureForm {
        1  Issued         "issued"          "本年制发件数"    "issued this year"                ItemMeasureForm { wordings: &["本年制发数"],                  unit: "documents" };
        2  Repealed       "repealed"        "本年废止件数"    "repealed this year"              ItemMeasureForm { wordings: &["本年废纸件数", "本年废止数"],      unit: "documents" };
        3  InForce        "in_force"        "现行有效件数"    "in force"                        ItemMeasureForm { wordings: &["现行有效数"],                  unit: "documents" };
        4  NewlyMade      "newly_made"      "本年新制作数量"  "newly made this year"            ItemMeasureForm { wordings: &["本年新制发数量"],               unit: "documents" };
        5  NewlyDisclosed "newly_disclosed" "本年新公开数量"  "newly disclosed this year"       ItemMeasureForm { wordings: &[],                             unit: "documents" };
        6  TotalDisclosed "total_disclosed" "对外公开总数量"  "disclosed in all"                ItemMeasureForm { wordings: &["对外公开数量"],                unit: "documents" };
        7  PreviousItems  "previous_items"  "上一年项目数量"  "items of the year before"        ItemMeasureForm { wordings: &["上年项目数量"],                unit: "items" };
        8  Change         "change"          "本年增/减"      "change this year, negative for fewer" ItemMeasureForm { wordings: &["本年增减"],                unit: "items" };
        9  Decisions      "decisions"       "处理决定数量"    "decisions"                       ItemMeasureForm { wordings: &["本年处理决定数量"],              unit: "decisions" };
        10 Projects       "projects"        "采购项目数量"    "procurement projects"            ItemMeasureForm { wordings: &[],                             unit: "projects" };
        11 Amount         "amount"          "本年收费金额"    "amount in CNY"                   ItemMeasureForm { wordings: &["采购总金额", "收费金额"],         unit: "CNY" };
    }
}

impl ItemMeasure {
    /// The head that a template prints over this measure of an item, which is not always its label.
    #[must_use]
    pub fn head(self, item: Item, template: Template) -> &'static str {
        match (self, item, template) {
            (Self::Amount, Item::CentralizedProcurement, _)
            | (Self::Decisions, _, Template::T2021) => self.form().wordings[0],
            _ => self.label(),
        }
    }

    /// Whether it is money: an exact decimal in CNY.
    #[must_use]
    pub const fn is_amount(self) -> bool {
        matches!(self, Self::Amount)
    }
}

/// How a group of outcomes is printed.
#[derive(Debug)]
pub struct GroupForm {
    /// The numbering in front of its label.
    pub mark: &'static str,
    /// Other wordings met.
    pub wordings: &'static [&'static str],
}

codes! {
    /// A group of rows of the requests matrix; as a measure, the sum over its rows.
    number Group "group" GroupForm {
        1 Denied       "denied"        "不予公开" "denied"           GroupForm { mark: "（三）", wordings: &[] };
        2 Unavailable  "unavailable"   "无法提供" "could not be provided" GroupForm { mark: "（四）", wordings: &[] };
        3 NotProcessed "not_processed" "不予处理" "not processed"    GroupForm { mark: "（五）", wordings: &[] };
        4 OtherResults "other_results" "其他处理" "other outcomes"   GroupForm { mark: "（六）", wordings: &["其他"] };
    }
}

/// Where and how a row of the requests matrix is printed.
#[derive(Debug)]
pub struct RowForm {
    /// The numbering in front of its label: `一、`, `（一）`, `1.`.
    pub mark: &'static str,
    /// The group it belongs to.
    pub group: Option<Group>,
    /// Whether it is one of the results that add up to `total`.
    pub is_result: bool,
    /// Whether template `2019` has it; template `2021` has all.
    pub in_2019: bool,
    /// Other wordings met.
    pub wordings: &'static [&'static str],
    /// Article of the Regulations it rests on; empty where there is no single one.
    pub article: &'static str,
}

use Group::{Denied, NotProcessed, OtherResults, Unavailable};

codes! {
    /// A row of the requests matrix, section 3: 收到和处理政府信息公开申请情况.
    number RequestRow "row" RowForm {
        1  Received                    "received"                      "本年新收政府信息公开申请数量"      "new requests received this year"             RowForm { mark: "一、",   group: None,               is_result: false, in_2019: true,  wordings: &["本年新收政府信息公开申请"],              article: "27" };
        2  CarriedOverIn               "carried_over_in"               "上年结转政府信息公开申请数量"      "carried over from the year before"           RowForm { mark: "二、",   group: None,               is_result: false, in_2019: true,  wordings: &["上年结转政府信息公开申请"],              article: "33" };
        3  Granted                     "granted"                       "予以公开"                     "granted"                                     RowForm { mark: "（一）", group: None,               is_result: true,  in_2019: true,  wordings: &[],                                     article: "36" };
        4  PartiallyGranted            "partially_granted"             "部分公开"                     "granted in part"                             RowForm { mark: "（二）", group: None,               is_result: true,  in_2019: true,  wordings: &["部分公开（区分处理的，只计这一情形，不计其他情形）", "部分公开（区分处理的，只记这一情形，不计其他情形）"], article: "37" };
        5  DeniedStateSecret           "denied_state_secret"           "属于国家秘密"                  "denied: state secret"                        RowForm { mark: "1.",     group: Some(Denied),       is_result: true,  in_2019: true,  wordings: &["属于国家机密"],                          article: "14" };
        6  DeniedProhibitedByLaw       "denied_prohibited_by_law"      "其他法律行政法规禁止公开"         "denied: disclosure prohibited by law"        RowForm { mark: "2.",     group: Some(Denied),       is_result: true,  in_2019: true,  wordings: &["其他法律法规禁止公开"],                   article: "14" };
        7  DeniedSecurityAndStability  "denied_security_and_stability" "危及“三安全一稳定”"             "denied: endangers security or stability"     RowForm { mark: "3.",     group: Some(Denied),       is_result: true,  in_2019: true,  wordings: &["危及三安全一稳定"],                       article: "14" };
        8  DeniedThirdPartyRights      "denied_third_party_rights"     "保护第三方合法权益"             "denied: rights of a third party"             RowForm { mark: "4.",     group: Some(Denied),       is_result: true,  in_2019: true,  wordings: &[],                                     article: "15" };
        9  DeniedInternalAffairs       "denied_internal_affairs"       "属于三类内部事务信息"            "denied: internal affairs"                    RowForm { mark: "5.",     group: Some(Denied),       is_result: true,  in_2019: true,  wordings: &[],                                     article: "16" };
        10 DeniedProcessInformation    "denied_process_information"    "属于四类过程性信息"             "denied: information of a process"            RowForm { mark: "6.",     group: Some(Denied),       is_result: true,  in_2019: true,  wordings: &["属于四类过程信息"],                       article: "16" };
        11 DeniedEnforcementFiles      "denied_enforcement_files"      "属于行政执法案卷"               "denied: administrative enforcement files"    RowForm { mark: "7.",     group: Some(Denied),       is_result: true,  in_2019: true,  wordings: &[],                                     article: "16" };
        12 DeniedAdministrativeInquiry "denied_administrative_inquiry" "属于行政查询事项"               "denied: matter of an administrative inquiry" RowForm { mark: "8.",     group: Some(Denied),       is_result: true,  in_2019: true,  wordings: &[],                                     article: "36" };
        13 NotHeld                     "not_held"                      "本机关不掌握相关政府信息"         "the agency does not hold the information"    RowForm { mark: "1.",     group: Some(Unavailable),  is_result: true,  in_2019: true,  wordings: &[],                                     article: "36" };
        14 RequiresCreation            "requires_creation"             "没有现成信息需要另行制作"         "would have to be created"                    RowForm { mark: "2.",     group: Some(Unavailable),  is_result: true,  in_2019: true,  wordings: &[],                                     article: "38" };
        15 UnclearAfterCorrection      "unclear_after_correction"      "补正后申请内容仍不明确"          "still unclear after correction"              RowForm { mark: "3.",     group: Some(Unavailable),  is_result: true,  in_2019: true,  wordings: &[],                                     article: "30" };
        16 PetitionOrComplaint         "petition_or_complaint"         "信访举报投诉类申请"             "petition, report or complaint"               RowForm { mark: "1.",     group: Some(NotProcessed), is_result: true,  in_2019: true,  wordings: &[],                                     article: "39" };
        17 Repeated                    "repeated"                      "重复申请"                     "repeated request"                            RowForm { mark: "2.",     group: Some(NotProcessed), is_result: true,  in_2019: true,  wordings: &[],                                     article: "36" };
        18 PublishedMaterial           "published_material"            "要求提供公开出版物"             "asks for published material"                 RowForm { mark: "3.",     group: Some(NotProcessed), is_result: true,  in_2019: true,  wordings: &[],                                     article: "39" };
        19 ExcessiveRepetition         "excessive_repetition"          "无正当理由大量反复申请"          "excessive repetition without good reason"    RowForm { mark: "4.",     group: Some(NotProcessed), is_result: true,  in_2019: true,  wordings: &[],                                     article: "35" };
        20 Reconfirmation              "reconfirmation"                "要求行政机关确认或重新出具已获取信息" "asks to confirm or reissue what was obtained" RowForm { mark: "5.",     group: Some(NotProcessed), is_result: true,  in_2019: true,  wordings: &[],                                     article: "" };
        21 NotCorrectedInTime          "not_corrected_in_time"         "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请" "applicant did not correct in time" RowForm { mark: "1.", group: Some(OtherResults), is_result: true, in_2019: false, wordings: &["申请人无正当理由逾期不补正", "逾期不补正"], article: "30" };
        22 FeeUnpaid                   "fee_unpaid"                    "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请" "applicant did not pay the fee" RowForm { mark: "2.", group: Some(OtherResults), is_result: true, in_2019: false, wordings: &["申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其他政府公开申请", "申请人逾期未按收费通知要求缴纳费用"], article: "42" };
        23 Other                       "other"                         "其他"                         "other; in template 2019 all other outcomes"  RowForm { mark: "3.",     group: Some(OtherResults), is_result: true,  in_2019: true,  wordings: &["其他处理"],                             article: "" };
        24 Total                       "total"                         "总计"                         "all results"                                 RowForm { mark: "（七）", group: None,               is_result: false, in_2019: true,  wordings: &[],                                     article: "" };
        25 CarriedOverOut              "carried_over_out"              "结转下年度继续办理"             "carried over to the next year"               RowForm { mark: "四、",   group: None,               is_result: false, in_2019: true,  wordings: &["结转下年度继续办理数量"],                 article: "33" };
    }
}

impl RequestRow {
    /// Whether a template prints this row.
    #[must_use]
    pub const fn is_in(self, template: Template) -> bool {
        match template {
            Template::T2019 => self.form().in_2019,
            Template::T2021 => true,
        }
    }

    /// The crosswalk: what a template's row compares with in the other template, where that is not the
    /// row of the same code. The one row 其他处理 of `2019` is a group of three rows in `2021`.
    #[must_use]
    pub const fn compares_with(self, template: Template) -> Option<Group> {
        match (self, template) {
            (Self::Other, Template::T2019) => Some(Group::OtherResults),
            _ => None,
        }
    }
}

/// Where a column of the requests matrix is printed.
#[derive(Debug)]
pub struct ColumnForm {
    /// Whether it stands under 法人或其他组织.
    pub is_organization: bool,
    /// Other wordings met.
    pub wordings: &'static [&'static str],
}

codes! {
    /// A column of the requests matrix: who applied.
    number Applicant "column" ColumnForm {
        1 NaturalPerson             "natural_person"              "自然人"      "natural persons"              ColumnForm { is_organization: false, wordings: &[] };
        2 CommercialEnterprise      "commercial_enterprise"       "商业企业"    "commercial enterprises"       ColumnForm { is_organization: true,  wordings: &[] };
        3 ResearchInstitution       "research_institution"        "科研机构"    "research institutions"        ColumnForm { is_organization: true,  wordings: &[] };
        4 PublicWelfareOrganization "public_welfare_organization" "社会公益组织" "public welfare organizations" ColumnForm { is_organization: true,  wordings: &["社会公益"] };
        5 LegalServiceOrganization  "legal_service_organization"  "法律服务机构" "legal service organizations"  ColumnForm { is_organization: true,  wordings: &[] };
        6 Other                     "other"                       "其他"       "other organizations"          ColumnForm { is_organization: true,  wordings: &[] };
        7 Total                     "total"                       "总计"       "total"                        ColumnForm { is_organization: false, wordings: &["合计"] };
    }
}

/// A result has nothing but its label.
#[derive(Debug)]
pub struct ResultForm {
    /// Other wordings met.
    pub wordings: &'static [&'static str],
}

codes! {
    /// A result of reviews and lawsuits: a column of section 4.
    number AppealResult "result" ResultForm {
        1 Upheld    "upheld"    "结果维持" "upheld"        ResultForm { wordings: &[] };
        2 Corrected "corrected" "结果纠正" "corrected"     ResultForm { wordings: &[] };
        3 Other     "other"     "其他结果" "other result"  ResultForm { wordings: &[] };
        4 Pending   "pending"   "尚未审结" "still pending" ResultForm { wordings: &[] };
        5 Total     "total"     "总计"    "total"         ResultForm { wordings: &["合计"] };
    }
}

codes! {
    /// A kind of lawsuit: a half of section 4's right side.
    number LawsuitKind "lawsuit" ResultForm {
        1 Direct      "direct"       "未经复议直接起诉" "brought directly, without reconsideration" ResultForm { wordings: &[] };
        2 AfterReview "after_review" "复议后起诉"      "brought after reconsideration"             ResultForm { wordings: &[] };
    }
}

/// What the tables print besides rows, columns, items, results and groups.
pub mod heads {
    /// How sections are numbered.
    pub const NUMERALS: [&str; 6] = ["一", "二", "三", "四", "五", "六"];
    /// The unit that the fees of template `2021` and the procurement of `2019` are printed in.
    pub const AMOUNT_UNIT: &str = "万元";
    /// Over the first column of section 2.
    pub const CONTENT: &str = "信息内容";
    /// How the bars of section 2 begin and end, around the number of the item of Article 20.
    pub const ARTICLE: [&str; 2] = ["第二十条第", "项"];
    /// The note in the corner of the requests matrix.
    pub const IDENTITY: &str = "本列数据的勾稽关系";
    /// Over all columns of the requests matrix.
    pub const APPLICANTS: &str = "申请人情况";
    /// Over its columns of organizations.
    pub const ORGANIZATIONS: &str = "法人或其他组织";
    /// Beside the results of the requests matrix.
    pub const RESULTS: &str = "本年度办理结果";
    /// The left side of section 4.
    pub const REVIEWS: &str = "行政复议";
    /// The right side of section 4.
    pub const LAWSUITS: &str = "行政诉讼";
}

/// A section of the report.
#[derive(Debug)]
pub struct SectionForm {
    /// Its number, 1 to 6.
    pub number: i16,
    /// Its heading as the form prints it.
    pub heading: &'static str,
    /// Its heading in English.
    pub heading_en: &'static str,
    /// Words by one set of which a heading is known, however it is worded.
    pub wordings: &'static [&'static [&'static str]],
}

/// The six sections, in the form's order.
pub static SECTIONS: [SectionForm; 6] = [
    SectionForm {
        number: 1,
        heading: "总体情况",
        heading_en: "General situation",
        wordings: &[&["总体情况"], &["基本情况"], &["概述"]],
    },
    SectionForm {
        number: 2,
        heading: "主动公开政府信息情况",
        heading_en: "Proactive disclosure",
        wordings: &[&["主动公开", "情况"]],
    },
    SectionForm {
        number: 3,
        heading: "收到和处理政府信息公开申请情况",
        heading_en: "Requests received and handled",
        wordings: &[&["收到和处理"], &["申请", "处理", "情况"], &["依申请公开", "情况"]],
    },
    SectionForm {
        number: 4,
        heading: "政府信息公开行政复议、行政诉讼情况",
        heading_en: "Administrative reviews and lawsuits",
        wordings: &[&["行政复议", "行政诉讼"], &["复议", "诉讼"]],
    },
    SectionForm {
        number: 5,
        heading: "存在的主要问题及改进情况",
        heading_en: "Main problems and improvements",
        wordings: &[&["问题", "改进"], &["问题", "整改"], &["主要问题"]],
    },
    SectionForm {
        number: 6,
        heading: "其他需要报告的事项",
        heading_en: "Other matters to report",
        wordings: &[&["其他", "报告", "事项"]],
    },
];

/// The address of one number: a cell of the form, or a sum the form names without printing it.
///
/// Its code is the same in REST, GraphQL, CSV heads and on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// `disclosure_items.ITEM.MEASURE`
    DisclosureItem(Item, ItemMeasure),
    /// `requests.ROW.COLUMN`; `requests.ROW` is its `total` column
    Request(RequestRow, Applicant),
    /// `requests.GROUP`: the sum over the group's rows, total column
    RequestGroup(Group),
    /// `reviews.RESULT`
    Review(AppealResult),
    /// `lawsuits.KIND.RESULT`
    Lawsuit(LawsuitKind, AppealResult),
    /// `lawsuits.RESULT`: both kinds
    Lawsuits(AppealResult),
}

static CELLS: LazyLock<Vec<Measure>> = LazyLock::new(|| {
    let mut cells = Vec::new();
    for &item in Item::ALL {
        for measure in ItemMeasure::ALL {
            if item.form().measures.iter().any(|measures| measures.contains(measure)) {
                cells.push(Measure::DisclosureItem(item, *measure));
            }
        }
    }
    for &row in RequestRow::ALL {
        cells.extend(Applicant::ALL.iter().map(|&column| Measure::Request(row, column)));
    }
    cells.extend(AppealResult::ALL.iter().map(|&result| Measure::Review(result)));
    for &kind in LawsuitKind::ALL {
        cells.extend(AppealResult::ALL.iter().map(|&result| Measure::Lawsuit(kind, result)));
    }
    cells
});

static SUMS: LazyLock<Vec<Measure>> = LazyLock::new(|| {
    let groups = Group::ALL.iter().map(|&group| Measure::RequestGroup(group));
    let lawsuits = AppealResult::ALL.iter().map(|&result| Measure::Lawsuits(result));
    groups.chain(lawsuits).collect()
});

impl Measure {
    /// Every cell of the form, both templates, in the form's order.
    #[must_use]
    pub fn cells() -> &'static [Self] {
        &CELLS
    }

    /// Every measure: the cells, then the sums the form names without printing them.
    pub fn all() -> impl Iterator<Item = Self> {
        CELLS.iter().chain(SUMS.iter()).copied()
    }

    /// Whether the form prints this number; else it is a sum over [`Measure::parts`].
    #[must_use]
    pub const fn is_cell(self) -> bool {
        !matches!(self, Self::RequestGroup(_) | Self::Lawsuits(_))
    }

    /// Whether a template prints this cell.
    #[must_use]
    pub fn is_in(self, template: Template) -> bool {
        match self {
            Self::DisclosureItem(item, measure) => item.measures(template).contains(&measure),
            Self::Request(row, _) => row.is_in(template),
            _ => true,
        }
    }

    /// Whether it is money: an exact decimal in CNY.
    #[must_use]
    pub const fn is_amount(self) -> bool {
        matches!(self, Self::DisclosureItem(_, measure) if measure.is_amount())
    }

    /// The unit: `CNY`, or what is counted.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::DisclosureItem(_, measure) => measure.form().unit,
            Self::Request(..) | Self::RequestGroup(_) => "requests",
            Self::Review(_) => "reviews",
            Self::Lawsuit(..) | Self::Lawsuits(_) => "lawsuits",
        }
    }

    /// The cells whose sum this number is: for a sum the form names without printing it, its terms;
    /// for a total cell, the cells it is the total of; empty for every other cell.
    #[must_use]
    pub fn parts(self) -> Vec<Self> {
        match self {
            Self::RequestGroup(group) => RequestRow::ALL
                .iter()
                .filter(|row| row.form().group == Some(group))
                .map(|&row| Self::Request(row, Applicant::Total))
                .collect(),
            Self::Lawsuits(result) => {
                LawsuitKind::ALL.iter().map(|&kind| Self::Lawsuit(kind, result)).collect()
            }
            Self::Request(row, Applicant::Total) => Applicant::ALL
                .iter()
                .filter(|&&column| column != Applicant::Total)
                .map(|&column| Self::Request(row, column))
                .collect(),
            Self::Request(RequestRow::Total, column) => RequestRow::ALL
                .iter()
                .filter(|row| row.form().is_result)
                .map(|&row| Self::Request(row, column))
                .collect(),
            Self::Review(AppealResult::Total) => results().map(Self::Review).collect(),
            Self::Lawsuit(kind, AppealResult::Total) => {
                results().map(|result| Self::Lawsuit(kind, result)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The code: `requests.received.natural_person`; the total column of requests is left out.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::DisclosureItem(item, measure) => {
                format!("disclosure_items.{}.{}", item.code(), measure.code())
            }
            Self::Request(row, Applicant::Total) => format!("requests.{}", row.code()),
            Self::Request(..) => self.cell_code(),
            Self::RequestGroup(group) => format!("requests.{}", group.code()),
            Self::Review(result) => format!("reviews.{}", result.code()),
            Self::Lawsuit(kind, result) => format!("lawsuits.{}.{}", kind.code(), result.code()),
            Self::Lawsuits(result) => format!("lawsuits.{}", result.code()),
        }
    }

    /// The code of a cell with its column always written: `requests.received.total`.
    #[must_use]
    pub fn cell_code(self) -> String {
        match self {
            Self::Request(row, column) => format!("requests.{}.{}", row.code(), column.code()),
            other => other.code(),
        }
    }

    /// The Chinese label: where the number stands, from the outside in.
    #[must_use]
    pub fn label(self) -> String {
        self.labelled(|label, _| label)
    }

    /// The English label.
    #[must_use]
    pub fn label_en(self) -> String {
        self.labelled(|_, label_en| label_en)
    }

    fn labelled(self, pick: fn(&'static str, &'static str) -> &'static str) -> String {
        fn of<C: Code>(
            code: C,
            pick: fn(&'static str, &'static str) -> &'static str,
        ) -> &'static str {
            pick(code.label(), code.label_en())
        }
        let separator = pick("：", ": ");
        let lawsuits = pick("行政诉讼", "lawsuits");
        let parts: Vec<&str> = match self {
            Self::DisclosureItem(item, measure) => vec![of(item, pick), of(measure, pick)],
            Self::Request(row, column) => {
                let group = row
                    .form()
                    .group
                    .filter(|group| *group != Group::Denied || pick("zh", "en") == "zh");
                group
                    .map(|group| of(group, pick))
                    .into_iter()
                    .chain([of(row, pick), of(column, pick)])
                    .collect()
            }
            Self::RequestGroup(group) => vec![pick("申请", "requests"), of(group, pick)],
            Self::Review(result) => {
                vec![pick("行政复议", "administrative reviews"), of(result, pick)]
            }
            Self::Lawsuit(kind, result) => vec![lawsuits, of(kind, pick), of(result, pick)],
            Self::Lawsuits(result) => vec![lawsuits, of(result, pick)],
        };
        parts.join(separator)
    }
}

fn results() -> impl Iterator<Item = AppealResult> {
    AppealResult::ALL.iter().copied().filter(|result| *result != AppealResult::Total)
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code())
    }
}

impl FromStr for Measure {
    type Err = UnknownCode;

    fn from_str(code: &str) -> Result<Self, UnknownCode> {
        let unknown = || UnknownCode { name: "measure", code: code.to_owned() };
        let parts: Vec<&str> = code.split('.').collect();
        let measure = match parts[..] {
            ["disclosure_items", item, measure] => Item::of(item)
                .zip(ItemMeasure::of(measure))
                .map(|(item, measure)| Self::DisclosureItem(item, measure)),
            ["requests", row] => RequestRow::of(row)
                .map(|row| Self::Request(row, Applicant::Total))
                .or_else(|| Group::of(row).map(Self::RequestGroup)),
            ["requests", row, column] => RequestRow::of(row)
                .zip(Applicant::of(column))
                .map(|(row, column)| Self::Request(row, column)),
            ["reviews", result] => AppealResult::of(result).map(Self::Review),
            ["lawsuits", result] => AppealResult::of(result).map(Self::Lawsuits),
            ["lawsuits", kind, result] => LawsuitKind::of(kind)
                .zip(AppealResult::of(result))
                .map(|(kind, result)| Self::Lawsuit(kind, result)),
            _ => None,
        };
        measure
            .filter(|measure| {
                !matches!(measure, Self::DisclosureItem(..)) || CELLS.contains(measure)
            })
            .ok_or_else(unknown)
    }
}

/// What must agree (勾稽关系): the sum of the left cells equals the sum of the right ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The check that holds it.
    pub check: &'static str,
    pub left: Vec<Measure>,
    pub right: Vec<Measure>,
}

static IDENTITIES: LazyLock<Vec<Identity>> = LazyLock::new(|| {
    use RequestRow as R;
    let total_of =
        |check, total: Measure| Identity { check, left: vec![total], right: total.parts() };
    let mut identities = Vec::new();
    for &column in Applicant::ALL {
        let row = |row| Measure::Request(row, column);
        identities.push(Identity {
            check: "requests.flow",
            left: vec![row(R::Received), row(R::CarriedOverIn)],
            right: vec![row(R::Total), row(R::CarriedOverOut)],
        });
    }
    for &column in Applicant::ALL {
        let results = R::ALL.iter().filter(|row| row.form().is_result);
        identities.push(Identity {
            check: "requests.results",
            left: vec![Measure::Request(R::Total, column)],
            right: results.map(|&row| Measure::Request(row, column)).collect(),
        });
    }
    for &row in R::ALL {
        identities.push(total_of("requests.applicants", Measure::Request(row, Applicant::Total)));
    }
    identities.push(total_of("reviews.total", Measure::Review(AppealResult::Total)));
    for (check, kind) in [
        ("lawsuits.direct.total", LawsuitKind::Direct),
        ("lawsuits.after_review.total", LawsuitKind::AfterReview),
    ] {
        identities.push(total_of(check, Measure::Lawsuit(kind, AppealResult::Total)));
    }
    identities
});

/// Every identity of the form, in the order of `domain`'s checks.
#[must_use]
pub fn identities() -> &'static [Identity] {
    &IDENTITIES
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_form_has_its_number_of_rows_columns_and_cells() {
        assert_eq!(RequestRow::ALL.len(), 25);
        assert_eq!(RequestRow::ALL.iter().filter(|row| row.is_in(Template::T2019)).count(), 23);
        assert_eq!(Applicant::ALL.len(), 7);
        let cells = |template| Measure::cells().iter().filter(|cell| cell.is_in(template)).count();
        assert_eq!(cells(Template::T2021), 10 + 25 * 7 + 15);
        assert_eq!(cells(Template::T2019), 22 + 23 * 7 + 15);
    }

    #[test]
    fn every_measure_has_one_code_that_leads_back_to_it() {
        let codes: HashSet<String> = Measure::all().map(Measure::code).collect();
        assert_eq!(codes.len(), Measure::all().count());
        for measure in Measure::all() {
            assert_eq!(measure.code().parse(), Ok(measure));
            assert_eq!(measure.cell_code().parse(), Ok(measure));
        }
        assert!("requests.recieved".parse::<Measure>().is_err());
        assert!("disclosure_items.rules.amount".parse::<Measure>().is_err());
    }

    #[test]
    fn numbers_run_from_one_in_the_forms_order() {
        fn runs(numbers: impl Iterator<Item = i16>) {
            for (expected, number) in (1..).zip(numbers) {
                assert_eq!(number, expected);
            }
        }
        runs(RequestRow::ALL.iter().map(|row| row.number()));
        runs(Applicant::ALL.iter().map(|column| column.number()));
        runs(Item::ALL.iter().map(|item| item.number()));
        runs(ItemMeasure::ALL.iter().map(|measure| measure.number()));
        runs(SECTIONS.iter().map(|section| section.number));
    }

    #[test]
    fn identities_name_cells_of_the_form() {
        assert_eq!(identities().len(), 7 + 7 + 25 + 3);
        for identity in identities() {
            assert!(identity.left.iter().chain(&identity.right).all(|cell| cell.is_cell()));
            assert!(!identity.left.is_empty() && !identity.right.is_empty());
        }
    }
}
