//! PDF files, made by the tests themselves: what their pages show is read, and nothing else.

mod paper;

use gongkai::{
    document::{self, Block},
    error::Code,
};
use paper::{Paper, file, file_with, stream};

/// A document's blocks: a paragraph as it is, a table's rows with `|` between cells and `^` before a
/// place that continues a cell.
fn blocks(bytes: &[u8]) -> Vec<String> {
    let document = document::read(bytes).unwrap_or_else(|error| panic!("{error}"));
    let mut lines = Vec::new();
    for block in document.blocks {
        match block {
            Block::Text(paragraph) => lines.push(paragraph.text),
            Block::Grid(grid) => {
                lines.push("table".to_owned());
                for row in grid.rows {
                    let cell = |cell: &document::Cell| {
                        let mark = if cell.is_continuation { "^" } else { "" };
                        format!("{mark}{}", cell.text.replace('\n', "/"))
                    };
                    lines.push(row.iter().map(cell).collect::<Vec<_>>().join("|"));
                }
            }
        }
    }
    lines
}

fn refusal(bytes: &[u8]) -> (Code, String) {
    match document::read(bytes) {
        Ok(document) => panic!("read as {:?}", document.blocks),
        Err(error) => (error.code, error.detail),
    }
}

/// One page.
fn page(draw: impl FnOnce(&mut Paper)) -> Vec<u8> {
    file(&[drawn(draw)])
}

fn drawn(draw: impl FnOnce(&mut Paper)) -> Paper {
    let mut paper = Paper::default();
    draw(&mut paper);
    paper
}

#[test]
fn a_ruled_table_is_read_with_the_cells_that_span() {
    let read = blocks(&page(|paper| {
        paper.table(
            60.0,
            100.0,
            (70.0, 30.0),
            &[
                (0, 0, 2, 2, "（本列数据的\n勾稽关系）"),
                (2, 0, 2, 1, "申请人情况"),
                (2, 1, 1, 1, "自然人"),
                (3, 1, 1, 1, "商业\n企业"),
                (0, 2, 1, 2, "三\n、\n本"),
                (1, 2, 1, 1, "（一）予以公开"),
                (2, 2, 1, 1, "151"),
                (3, 2, 1, 1, "0"),
                (1, 3, 1, 1, "1.其他"),
                (2, 3, 1, 1, ""),
                (3, 3, 1, 1, "22"),
            ],
        );
    }));
    assert_eq!(
        read,
        [
            "table",
            "（本列数据的/勾稽关系）|^（本列数据的/勾稽关系）|申请人情况|^申请人情况",
            "^（本列数据的/勾稽关系）|^（本列数据的/勾稽关系）|自然人|商业/企业",
            "三/、/本|（一）予以公开|151|0",
            "^三/、/本|1.其他||22",
        ]
    );
}

#[test]
fn a_table_goes_on_after_the_end_of_a_page_in_the_columns_of_both_parts() {
    let first = drawn(|paper| {
        let cells = [(0, 0, 3, 1, "合并"), (0, 1, 2, 1, "1.要求行政机关确认"), (2, 1, 1, 1, "7")];
        paper.table(60.0, 700.0, (100.0, 40.0), &cells);
        paper.text(280.0, 820.0, 9.0, "— 4 —");
    });
    let second = drawn(|paper| {
        paper.table(
            60.0,
            60.0,
            (100.0, 40.0),
            &[
                (0, 0, 2, 1, "或重新出具"),
                (2, 0, 1, 1, ""),
                (0, 1, 1, 1, "甲"),
                (1, 1, 1, 1, "2.乙"),
                (2, 1, 1, 1, "9"),
            ],
        );
        paper.text(280.0, 820.0, 9.0, "— 5 —");
    });
    assert_eq!(
        blocks(&file(&[first, second])),
        [
            "table",
            "合并|^合并|^合并",
            "1.要求行政机关确认/或重新出具|^1.要求行政机关确认/或重新出具|7",
            "甲|2.乙|9"
        ]
    );
}

#[test]
fn lines_are_joined_to_paragraphs_and_headings_stand_alone() {
    let read = blocks(&page(|paper| {
        paper.text(200.0, 80.0, 20.0, "沂源县水利局");
        paper.text(120.0, 110.0, 20.0, "2023年政府信息公开工作年度报告");
        paper.text(84.0, 150.0, 12.0, "一、总体情况");
        paper.text(84.0, 170.0, 12.0, &"甲".repeat(36));
        paper.text(60.0, 190.0, 12.0, "乙丙。");
        paper.text(84.0, 210.0, 12.0, "收到申请21件。");
        paper.text(290.0, 820.0, 9.0, "第1页 共7页");
    }));
    assert_eq!(
        read,
        [
            "沂源县水利局",
            "2023年政府信息公开工作年度报告",
            "一、总体情况",
            &format!("{}乙丙。", "甲".repeat(36)),
            "收到申请21件。",
        ]
    );
}

#[test]
fn running_heads_and_rising_numbers_are_no_text() {
    let pages: Vec<Paper> = (1..=3)
        .map(|number| {
            drawn(|paper| {
                paper.text(60.0, 40.0, 9.0, "沂源县政府信息公开");
                paper.text(60.0, 300.0, 12.0, &format!("正文{}", "甲".repeat(number)));
                paper.text(290.0, 820.0, 9.0, &number.to_string());
            })
        })
        .collect();
    assert_eq!(blocks(&file(&pages)), ["正文甲", "正文甲甲", "正文甲甲甲"]);
}

#[test]
fn what_a_page_does_not_show_is_not_read() {
    let read = blocks(&page(|paper| {
        paper.text(60.0, 100.0, 12.0, "看得见");
        paper.raw("3 Tr").text(60.0, 130.0, 12.0, "1").raw("0 Tr");
        paper.raw("1 g").text(60.0, 160.0, 12.0, "2").raw("0 g");
        paper.text(60.0, 190.0, 12.0, "3").raw("1 g 50 640 40 20 re f 0 g");
        paper.text(900.0, 220.0, 12.0, "4");
        paper.raw("q 0 0 10 10 re W n").text(60.0, 250.0, 12.0, "5").raw("Q");
        paper
            .raw("0.1 0.1 0.3 rg 50 550 100 24 re f 1 g")
            .text(60.0, 284.0, 12.0, "白字")
            .raw("0 g");
        paper.matrix("0.7 0.7 -0.7 0.7 100 400", 60.0, "水印2023");
    }));
    assert_eq!(read, ["看得见", "白字"]);
}

#[test]
fn glyphs_drawn_over_themselves_count_once() {
    let cell = |draw: fn(&mut Paper)| {
        let read = blocks(&page(|paper| {
            paper.table(60.0, 100.0, (100.0, 30.0), &[(0, 0, 1, 1, "规章"), (1, 0, 1, 1, "")]);
            draw(paper);
        }));
        read[1].strip_prefix("规章|").unwrap_or_default().to_owned()
    };
    assert_eq!(
        cell(|paper| {
            paper.text(200.0, 118.0, 9.0, "11").text(200.3, 118.0, 9.0, "11");
        }),
        "11"
    );
    assert_eq!(
        cell(|paper| {
            paper.text(200.0, 118.0, 9.0, "1").text(200.3, 118.2, 9.0, "1");
        }),
        "1"
    );
    assert_eq!(
        cell(|paper| {
            paper.text(200.0, 118.0, 9.0, "1").text(204.5, 118.0, 9.0, "1");
        }),
        "11"
    );
    assert_eq!(
        cell(|paper| {
            paper.text(200.0, 118.0, 9.0, "1").text(208.0, 118.0, 9.0, "2");
        }),
        "1 2"
    );
    assert_eq!(
        cell(|paper| {
            paper.text(200.0, 118.0, 9.0, "47").text(209.0, 114.0, 5.0, "1");
        }),
        "47¹"
    );
    assert_eq!(
        cell(|paper| {
            paper.text(200.0, 118.0, 9.0, "3").text(200.2, 118.0, 9.0, "8");
        }),
        "\u{FFFD}"
    );
    assert_eq!(
        cell(|paper| {
            paper.text(200.0, 118.0, 9.0, "2\u{FFFF}");
        }),
        "2\u{FFFD}"
    );
    assert_eq!(
        cell(|paper| {
            paper.text(170.0, 118.0, 9.0, "⼀⾏⻓");
        }),
        "一行长"
    );
}

#[test]
fn a_number_that_a_line_runs_through_is_of_no_cell() {
    let read = |x: f32, number: &str| {
        blocks(&page(|paper| {
            let cells = [(0, 0, 1, 1, "规章"), (1, 0, 1, 1, ""), (2, 0, 1, 1, "")];
            paper.table(60.0, 100.0, (40.0, 30.0), &cells);
            paper.text(x, 118.0, 9.0, number);
        }))
    };
    assert_eq!(read(124.0, "1234567"), ["table", "规章|1234567\u{FFFD}|1234567\u{FFFD}"]);
    assert_eq!(read(122.0, "12345678"), ["table", "规章|1234\u{FFFD}|5678\u{FFFD}"]);
    assert_eq!(read(103.0, "1234567"), ["table", "规章|1234567|"]);
}

#[test]
fn a_page_that_is_turned_reads_as_it_is_shown() {
    let draw = |paper: &mut Paper| {
        paper.table(60.0, 100.0, (100.0, 30.0), &[(0, 0, 1, 1, "规章"), (1, 0, 1, 1, "12")]);
    };
    let upright = blocks(&page(draw));
    for rotate in [90, 180, 270] {
        let mut paper = drawn(draw);
        // Drawn sideways, shown upright; and drawn upright, shown sideways.
        assert_eq!(blocks(&file(&[Paper { rotate, ..paper.clone() }])), upright, "{rotate}");
        paper.content = format!("0 1 -1 0 842 0 cm\n{}", paper.content);
        assert_eq!(blocks(&file(&[Paper { rotate, ..paper }])), upright, "{rotate}");
    }
}

#[test]
fn every_block_says_where_it_stands() {
    let document = document::read(&page(|paper| {
        paper.text(60.0, 100.0, 10.0, "正文");
    }))
    .unwrap();
    let Some(Block::Text(paragraph)) = document.blocks.first() else { panic!() };
    let Some(gongkai::place::Place::Page { page, left, top, right, bottom }) = paragraph.place
    else {
        panic!("{:?}", paragraph.place)
    };
    assert_eq!((page, left.round(), right.round()), (1, 60.0, 80.0));
    assert!((90.0..95.0).contains(&top) && (100.0..103.0).contains(&bottom), "{top} {bottom}");
}

#[test]
fn scans_are_refused_as_such() {
    let picture = stream(
        "/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray",
        &[0x80],
    );
    let show = "q 595 0 0 842 0 0 cm /X0 Do Q";
    let scan = drawn(|paper| {
        paper.raw(show);
    });
    let (code, detail) = refusal(&file_with(&[scan], "", std::slice::from_ref(&picture)));
    assert_eq!((code, detail.contains("pictures")), (Code::NoText, true), "{detail}");
    for layer in ["3 Tr", "0 Tr"] {
        // Either not painted, or below the picture.
        let page = drawn(|paper| {
            paper.raw(layer).text(60.0, 100.0, 12.0, "收到21件").raw(show);
        });
        let (code, detail) = refusal(&file_with(&[page], "", std::slice::from_ref(&picture)));
        assert_eq!((code, detail.contains("recognition")), (Code::NoText, true), "{detail}");
    }
    assert_eq!(refusal(&file(&[Paper::default()])).0, Code::NoText);
}

#[test]
fn files_that_cannot_be_opened_are_refused() {
    assert_eq!(refusal(b"%PDF-1.7\nnothing follows").0, Code::BrokenDocument);
    assert_eq!(refusal(b"%PDF-1.7\n\x00").0, Code::BrokenDocument);
    let locked = "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <0102030405060708091011121314151617181920212223242526272829303132> /U <3132333435363738394041424344454647484950515253545556575859606162> >> /ID [<01> <01>]";
    let page = drawn(|paper| {
        paper.text(60.0, 100.0, 12.0, "正文");
    });
    assert_eq!(refusal(&file_with(&[page], locked, &[])).0, Code::EncryptedDocument);
}

#[test]
fn files_without_end_are_refused() {
    let page = drawn(|paper| {
        paper.text(60.0, 100.0, 12.0, "正文").raw("/X0 Do");
    });
    // Forms that draw themselves stop by themselves; forms that draw others many times are stopped.
    let own = stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X0 10 0 R >> >>",
        b"/X0 Do",
    );
    assert_eq!(blocks(&file_with(std::slice::from_ref(&page), "", &[own])), ["正文"]);
    let nested: Vec<Vec<u8>> = (0..30)
        .map(|index| {
            let dictionary = format!(
                "/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /N {} 0 R >> >>",
                11 + index
            );
            stream(&dictionary, b"/N Do /N Do /N Do")
        })
        .collect();
    assert_eq!(
        refusal(&file_with(std::slice::from_ref(&page), "", &nested)).0,
        Code::DocumentTooLarge
    );
    // Blanks that are packed over and over: a block of a MiB, flushed, a few hundred times.
    let mut packer = flate2::Compress::new(flate2::Compression::fast(), true);
    let blank = vec![b' '; 1024 * 1024];
    let (mut head, mut block) = (Vec::with_capacity(64 * 1024), Vec::with_capacity(64 * 1024));
    packer.compress_vec(&blank, &mut head, flate2::FlushCompress::Full).unwrap();
    packer.compress_vec(&blank, &mut block, flate2::FlushCompress::Full).unwrap();
    let packed = [head, block.repeat(250)].concat();
    let bomb =
        stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Filter /FlateDecode", &packed);
    assert_eq!(
        refusal(&file_with(std::slice::from_ref(&page), "", &[bomb])).0,
        Code::DocumentTooLarge
    );
    // What is encrypted cannot be unpacked beforehand.
    let objects = stream("/Type /ObjStm /N 0 /First 0 /Filter /FlateDecode", &vec![0xAA; 300_000]);
    let plain = file_with(std::slice::from_ref(&page), "", std::slice::from_ref(&objects));
    assert_eq!(blocks(&plain), ["正文"]);
    let encrypted = file_with(&[page], "/Encrypt 99 0 R", &[objects]);
    assert_eq!(refusal(&encrypted).0, Code::DocumentTooLarge);
    let many = vec![
        drawn(|paper| {
            paper.text(60.0, 100.0, 12.0, "正文");
        });
        gongkai::limits::PAGES + 1
    ];
    assert_eq!(refusal(&file(&many)).0, Code::DocumentTooLarge);
}

#[test]
fn no_damaged_file_makes_the_reader_panic() {
    let whole = page(|paper| {
        paper.table(60.0, 100.0, (100.0, 30.0), &[(0, 0, 1, 1, "规章"), (1, 0, 1, 1, "12")]);
    });
    let mut seed = 7_u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    for _ in 0..60 {
        let mut bytes = whole.clone();
        for _ in 0..=random(8) {
            let at = random(bytes.len());
            match random(3) {
                0 => bytes[at] = random(256) as u8,
                1 => bytes.truncate(at.max(8)),
                _ => drop(bytes.splice(at..(at + random(20)).min(bytes.len()), *b"10 0 R")),
            }
        }
        let _ = document::read(&bytes);
    }
}

#[test]
fn a_number_cut_by_the_end_of_a_line_is_one_only_where_it_had_no_room() {
    let read = |width: f32, number: &str| {
        blocks(&page(|paper| {
            let cells =
                [(0, 0, 1, 1, "规章"), (1, 0, 1, 1, number), (0, 1, 1, 1, "a"), (1, 1, 1, 1, "2")];
            paper.table(60.0, 100.0, (width, 30.0), &cells);
        }))[1]
            .clone()
    };
    assert_eq!(read(40.0, "1378863\n05"), "规章|137886305");
    assert_eq!(read(70.0, "1378863\n05"), "规章|1378863/05");
    assert_eq!(read(40.0, "13\n05"), "规章|13/05");
    assert_eq!(read(40.0, "1378863\n05\n7"), "规章|1378863/05/7");
}

/// The rows of a table whose second row a page's end cuts, its cells 40 points wide.
fn cut(last: &[&str], first: &[&str]) -> Vec<String> {
    let rows = |rows: &[&[&str]], top: f32| {
        let mut cells = Vec::new();
        for (row, texts) in rows.iter().enumerate() {
            cells.extend(texts.iter().enumerate().map(|(column, text)| (column, row, 1, 1, *text)));
        }
        drawn(|paper| {
            paper.table(60.0, top, (40.0, 40.0), &cells);
        })
    };
    let heads = ["标签", "甲", "乙"];
    blocks(&file(&[rows(&[&heads, last], 700.0), rows(&[first, &["2.乙", "9", "9"]], 60.0)]))[2..]
        .to_vec()
}

#[test]
fn a_number_cut_by_the_end_of_a_page_is_whole_or_none() {
    let doubt = "\u{FFFD}";
    assert_eq!(cut(&["1.甲", "1378863", "4"], &["", "05", ""]), ["1.甲|137886305|4", "2.乙|9|9"]);
    assert_eq!(cut(&["丙", "", "4"], &["", "5", ""]), ["丙|5|4", "2.乙|9|9"]);
    assert_eq!(cut(&["1.甲", "1378863", ""], &["", "05", "无"]), ["1.甲|137886305|无", "2.乙|9|9"]);
    // It had room for a digit more.
    assert_eq!(
        cut(&["1.甲", "13", ""], &["", "05", "7"]),
        [format!("1.甲|13{doubt}|"), format!("|05{doubt}|7{doubt}"), "2.乙|9|9".into()]
    );
    assert_eq!(
        cut(&["丙", "1378863", "4"], &["丁", "05", "6"])[0],
        format!("丙|1378863{doubt}|4{doubt}")
    );
    assert_eq!(cut(&["1.甲", "1378863", "4"], &["3.丁", "05", "6"])[0], "1.甲|1378863|4");
}

#[test]
fn frames_filled_between_two_rectangles_are_lines() {
    let read = blocks(&page(|paper| {
        for (x, y, text) in
            [(60, 700, "规章"), (126, 700, "12"), (60, 674, "行政许可"), (126, 674, "")]
        {
            let inner = format!("{} {} 64 24 re", x + 1, y + 1);
            paper.raw(&format!("{x} {y} 66 26 re {inner} f*"));
            paper.text(x as f32 + 9.0, 842.0 - y as f32 - 9.0, 9.0, text);
        }
    }));
    assert_eq!(read, ["table", "规章|12", "行政许可|"]);
}
