//! What kinds of agencies there are at each level, and how busy each is.

use entity::template::Level;

/// How much an agency of a kind has to do, as logarithms of a county's; none where it is not its work.
#[derive(Debug)]
pub struct Work {
    /// Requests for information.
    pub requests: f64,
    /// Normative documents in force.
    pub documents: f64,
    /// Rules in force: governments of prefectures and provinces, and ministries.
    pub rules: Option<f64>,
    /// Decisions on licences and other services.
    pub licensing: Option<f64>,
    /// Penalties, and coercion, of which there is less.
    pub penalties: Option<f64>,
    /// Fees charged, in CNY.
    pub fees: Option<f64>,
}

/// A department, as it is called in a province and below.
#[derive(Debug)]
pub struct Department {
    /// In a province or an autonomous region.
    pub province: &'static str,
    /// In a municipality, a prefecture, a county.
    pub local: &'static str,
    pub work: Work,
}

const fn work(
    requests: f64,
    licensing: Option<f64>,
    penalties: Option<f64>,
    fees: Option<f64>,
) -> Work {
    Work { requests, documents: 1.2, rules: None, licensing, penalties, fees }
}

const fn department(province: &'static str, local: &'static str, work: Work) -> Department {
    Department { province, local, work }
}

/// A government's office.
pub static OFFICE: Work = Work {
    requests: 1.9,
    documents: 3.2,
    rules: None,
    licensing: None,
    penalties: None,
    fees: None,
};
/// The office of a government that may issue rules.
pub static OFFICE_WITH_RULES: Work = Work {
    requests: 1.9,
    documents: 3.6,
    rules: Some(2.6),
    licensing: None,
    penalties: None,
    fees: None,
};
/// A township's government or subdistrict's office.
pub static TOWNSHIP: Work = Work {
    requests: -2.3,
    documents: -1.5,
    rules: None,
    licensing: Some(2.5),
    penalties: Some(-1.0),
    fees: None,
};
/// A ministry.
pub static MINISTRY: Work = Work {
    requests: 1.5,
    documents: 3.0,
    rules: Some(4.0),
    licensing: Some(4.0),
    penalties: Some(2.0),
    fees: Some(9.0),
};

/// Departments of a county, those that every county has first; those after [`OF_A_COUNTY`] are of
/// prefectures and provinces alone.
#[rustfmt::skip]
static DEPARTMENTS: [Department; 40] = [
    department("自然资源厅",         "自然资源局",           work(2.3, Some(5.5), Some(2.5), Some(12.0))),
    department("住房和城乡建设厅",     "住房和城乡建设局",       work(2.1, Some(5.5), Some(2.5), Some(11.0))),
    department("教育厅",            "教育局",              work(0.4, Some(3.0), None,      Some(11.0))),
    department("公安厅",            "公安局",              work(1.4, Some(8.5), Some(7.5), Some(11.5))),
    department("市场监督管理局",      "市场监督管理局",        work(1.5, Some(8.0), Some(5.0), Some(8.0))),
    department("人力资源和社会保障厅", "人力资源和社会保障局",    work(0.8, Some(4.5), Some(1.5), None)),
    department("财政厅",            "财政局",              work(0.6, Some(1.0), Some(0.0), None)),
    department("民政厅",            "民政局",              work(0.3, Some(4.5), None,      None)),
    department("发展和改革委员会",     "发展和改革局",          work(0.5, Some(4.5), None,      None)),
    department("交通运输厅",         "交通运输局",            work(0.5, Some(6.5), Some(6.0), None)),
    department("农业农村厅",         "农业农村局",            work(0.9, Some(4.5), Some(3.0), None)),
    department("卫生健康委员会",      "卫生健康局",            work(0.4, Some(5.5), Some(3.5), Some(8.0))),
    department("生态环境厅",         "生态环境局",            work(0.8, Some(4.0), Some(3.5), None)),
    department("水利厅",            "水利局",              work(0.1, Some(3.5), Some(1.5), Some(10.5))),
    department("综合行政执法局",      "综合行政执法局",         work(1.0, Some(5.0), Some(6.0), Some(9.0))),
    department("应急管理厅",         "应急管理局",            work(-0.2, Some(3.5), Some(3.5), None)),
    department("司法厅",            "司法局",              work(0.2, Some(1.5), None,      None)),
    department("审计厅",            "审计局",              work(-0.9, None,     None,      None)),
    department("文化和旅游厅",        "文化和旅游局",          work(-0.4, Some(3.0), Some(2.0), None)),
    department("商务厅",            "商务局",              work(-0.6, Some(2.0), None,      None)),
    department("退役军人事务厅",      "退役军人事务局",         work(-0.9, None,     None,      None)),
    department("医疗保障局",         "医疗保障局",            work(-0.5, Some(2.0), Some(2.0), None)),
    department("行政审批服务局",      "行政审批服务局",         work(0.0, Some(9.0), None,      Some(6.0))),
    department("统计局",            "统计局",              work(-1.2, None,     Some(0.0), None)),
    department("信访局",            "信访局",              work(-0.3, None,     None,      None)),
    department("工业和信息化厅",      "工业和信息化局",         work(-0.6, Some(1.5), None,      None)),
    department("科学技术厅",         "科学技术局",            work(-1.1, None,     None,      None)),
    department("林业局",            "林业局",              work(-0.3, Some(4.0), Some(2.0), Some(9.5))),
    department("乡村振兴局",         "乡村振兴局",            work(-0.8, None,     None,      None)),
    department("公共资源交易中心",     "公共资源交易中心",       work(-1.3, None,     None,      None)),
    department("住房公积金管理中心",   "住房公积金管理中心",     work(-1.0, Some(4.0), None,      None)),
    department("体育局",            "体育局",              work(-1.2, Some(1.0), None,      None)),
    department("广播电视局",         "广播电视局",            work(-1.3, Some(1.0), Some(0.0), None)),
    department("粮食和物资储备局",     "粮食和物资储备局",       work(-1.1, None,     Some(0.0), None)),
    department("人民防空办公室",      "人民防空办公室",         work(-0.4, Some(3.0), Some(0.0), Some(12.5))),
    department("国有资产监督管理委员会", "国有资产监督管理委员会",  work(-0.4, None,     None,      None)),
    department("机关事务管理局",      "机关事务管理局",         work(-1.3, None,     None,      None)),
    department("地方金融监督管理局",   "地方金融监督管理局",     work(-0.9, Some(1.0), None,      None)),
    department("民族宗教事务委员会",   "民族宗教事务局",         work(-1.1, Some(2.0), None,      None)),
    department("大数据管理局",        "大数据管理局",          work(-1.3, None,     None,      None)),
];

/// How many of them a county has.
const OF_A_COUNTY: usize = 31;

/// The departments that there are at a level.
pub fn of_level(level: Level) -> &'static [Department] {
    match level {
        Level::National | Level::Township => &[],
        Level::County => &DEPARTMENTS[..OF_A_COUNTY],
        Level::Province | Level::Prefecture => &DEPARTMENTS,
    }
}
