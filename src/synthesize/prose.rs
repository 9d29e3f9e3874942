//! The prose of a report: sentences put together from words, place names and the report's numbers.

use entity::template::{Applicant, Measure, RequestRow, SECTIONS, Scope};

use super::{agency::Agency, defect::Defect, dice::Dice, numbers::Numbers, words};
use crate::{extract::draft::Section, regions::Region};

/// That it is no real report, in the first sentence of its prose.
const MADE_UP: &str = "本报告为模拟数据，由程序生成，与所称机关的实际情况无关。";
/// Agencies that write anew each year how many requests came; the others leave it to the table.
const STATES_REQUESTS: f64 = 0.8;
/// Agencies that copy last year's problems.
const COPIES: f64 = 0.3;
/// Brands of three rare characters instead of two.
const RAREST: f64 = 0.1;

/// What a report's prose is about.
pub struct Prose<'a> {
    pub agency: &'a Agency,
    pub seed: u64,
    pub year: i32,
    pub numbers: &'a Numbers,
    pub defect: Option<&'a Defect>,
    /// Places of its area.
    pub places: &'a [&'static Region],
}

impl Prose<'_> {
    /// The six sections; the three of tables have no prose.
    pub fn sections(&self) -> Vec<Section> {
        let section = |form: &entity::template::SectionForm| Section {
            number: form.number,
            heading: form.heading.to_owned(),
            text: match form.number {
                1 => self.general(),
                5 => self.problems(),
                6 => self.other(),
                _ => String::new(),
            },
        };
        SECTIONS.iter().map(section).collect()
    }

    fn dice(&self, what: &str, year: i32) -> Dice {
        let Agency { region, own_name, .. } = self.agency;
        Dice::of(self.seed, &[what, &region.code, own_name, &year.to_string()])
    }

    fn general(&self) -> String {
        let Self { agency, year, .. } = self;
        let mut dice = self.dice("general", *year);
        let brand = self.brand();
        let [one, two, three, four] = [(); 4].map(|()| dice.pick_common(&words::TOPICS));
        let opening = dice.pick_common(&words::OPENINGS);
        let (told, taught) =
            (dice.pick_common(&words::DISCLOSURE), dice.pick_common(&words::DISCLOSURE));
        let published = 20 + dice.throw(900);
        let place = self.place(&mut dice);
        let requests = self.requests(&mut dice);
        let (managed, supervised) = (dice.pick(&words::MANAGEMENT), dice.pick(&words::SUPERVISION));
        let name = agency.name();
        format!(
            "{MADE_UP}\n{year}年，{name}{opening}。\n（一）主动公开情况。全年主动公开政府信息{published}条，重点公开{one}、{two}等领域信息。围绕{place}{three}，{told}；围绕{four}，{taught}。\n（二）依申请公开情况。{requests}\n（三）政府信息管理情况。{managed}。\n（四）平台建设情况。打造“{brand}”公开品牌，在{place}设立政务公开专区。\n（五）监督保障情况。{supervised}。"
        )
    }

    /// How many requests came, in words that `check` reads, or where to look.
    fn requests(&self, dice: &mut Dice) -> String {
        let Self { agency, year, numbers, defect, .. } = self;
        let is_stated = dice.chance(STATES_REQUESTS);
        let is_about = |defect: &Defect| defect.check.starts_with("prose.");
        if !is_stated && !defect.is_some_and(is_about) {
            return "申请的收到和办理情况见第三部分表格。".to_owned();
        }
        let number = |row, column| numbers.get(Measure::Request(row, column));
        let received = number(RequestRow::Received, Applicant::Total);
        let said = received + defect.map_or(0, |defect| defect.requests_said);
        let whose = match agency.scope {
            Scope::Own => "本机关".to_owned(),
            Scope::Consolidated => {
                let area = agency.region.name.chars().next_back();
                let area = area.filter(|area| "省市州县区旗盟".contains(*area)).unwrap_or('区');
                format!("全{area}各级行政机关")
            }
        };
        if said == 0 {
            return format!("{year}年，{whose}未收到政府信息公开申请。");
        }
        let persons = number(RequestRow::Received, Applicant::NaturalPerson);
        let part_said = defect.map_or(0, |defect| defect.part_said);
        // The parts are those of what is said, so that a wrong total is the only slip.
        let others = said - persons + part_said;
        let [done, left] = [RequestRow::Total, RequestRow::CarriedOverOut]
            .map(|row| number(row, Applicant::Total));
        format!(
            "{year}年，{whose}共收到政府信息公开申请{said}件，其中自然人{persons}件，法人或其他组织{others}件。办结{done}件，结转下年度继续办理{left}件。"
        )
    }

    fn problems(&self) -> String {
        let Self { agency, year, .. } = self;
        // Whoever copies writes of the first year's problems for ever.
        let copies = agency.dice(self.seed, "copies").chance(COPIES);
        let mut dice = self.dice("problems", if copies { 0 } else { *year });
        let [one, two] = [(); 2].map(|()| dice.pick(&words::PROBLEMS));
        let [first, second] = [(); 2].map(|()| dice.pick(&words::IMPROVEMENTS));
        let topic = dice.pick_common(&words::TOPICS);
        let place = self.place(&mut dice);
        let next = year + 1;
        format!(
            "{year}年，政府信息公开工作仍存在一些问题：一是{one}；二是{place}{topic}方面{two}。\n{next}年，将重点做好以下工作：一是{first}；二是围绕{topic}，{second}。"
        )
    }

    fn other(&self) -> String {
        format!("{}年，未收取政府信息公开信息处理费。无其他需要报告的事项。", self.year)
    }

    /// An agency's brand stays the same over the years.
    fn brand(&self) -> String {
        let mut dice = self.agency.dice(self.seed, "brand");
        let rare: Vec<char> = words::RARE.chars().collect();
        let characters = if dice.chance(RAREST) { 3 } else { 2 };
        let word: String = (0..characters).map(|_| *dice.pick(&rare)).collect();
        format!("{word}{}", dice.pick_common(&words::BRANDS))
    }

    fn place(&self, dice: &mut Dice) -> &str {
        match self.places {
            [] => &self.agency.region.name,
            places => &dice.pick(places).name,
        }
    }
}
