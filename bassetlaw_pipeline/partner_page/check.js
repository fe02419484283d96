"use strict";
// Checks a text file against the rules of a contract, in the browser or in node; nothing is sent or kept.
// No cell's value ever becomes part of a result: problems are row, column and reason code only.

const patterns = new Map();
const BLANKS = /^[ \t\r\n\u00a0\u2007\u202f\ufeff]+|[ \t\r\n\u00a0\u2007\u202f\ufeff]+$/g;
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;
const AROUND = /^['"`\u00b4\u2018\u2019\u201c\u201d]+|['"`\u00b4\u2018\u2019\u201c\u201d]+$/g;
const SEPARATORS = /[\s\u00a0\u2000-\u200b\u202f\u2010-\u2015\ufeff-]/g;
const WHOLE = "[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)";
const BRACKETS = "[(]([0-9]+|[0-9]{1,3}(,[0-9]{3})+)";
const INTEGER = whole(`${WHOLE}([.]0+)?|${BRACKETS}[)]`);
const NUMBER = whole(`(${WHOLE}|[+-]?)([.][0-9]+)?([eE][+-]?[0-9]+)? ?%?|${BRACKETS}([.][0-9]+)?[)]`);
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const LONG_MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september",
  "october", "november", "december"];
const YES_NO = ["true", "t", "yes", "y", "1", "false", "f", "no", "n", "0"];
const ROWS_SHOWN = 20;

function whole(pattern, flags = "") {
  const key = flags + pattern;
  if (!patterns.has(key)) patterns.set(key, new RegExp(`^(?:${pattern})$`, flags));
  return patterns.get(key);
}

function trim(cell) { return cell.replace(INVISIBLE, "").replace(BLANKS, ""); }

function fold(text) {
  return text.replace(/\ufeff/g, "").replace(/\|/g, " ").trim().split(/\s+/).join(" ").toLowerCase();
}

// --- the file as text and records

class Refused extends Error {
  constructor(code, detail = "") { super(code); this.code = code; this.detail = detail; }
}

function decode(bytes, rules) {
  const starts = (...mark) => mark.every((byte, i) => bytes[i] === byte);
  if (starts(0x50, 0x4b, 3, 4) || starts(0xd0, 0xcf, 0x11, 0xe0)) {
    throw new Refused("FILE_UNREADABLE", "expected delimited text, found a workbook or a packed file");
  }
  if (starts(0xff, 0xfe) || starts(0xfe, 0xff)) throw new Refused("FILE_ENCODING", "found UTF-16");
  const marked = starts(0xef, 0xbb, 0xbf);
  const ascii = bytes.every((byte) => byte < 128);
  if (bytes.includes(0)) throw new Refused("FILE_NUL_BYTES");
  const utf8 = read(bytes, "utf-8");
  const isUtf8 = rules.encoding.toLowerCase().replace("_", "-") === "utf-8";
  const text = marked || isUtf8 || ascii ? utf8 : read(bytes, "windows-1252");
  if (text === null || (!marked && !isUtf8 && !ascii && utf8 !== null)) {
    throw new Refused("FILE_ENCODING", `expected ${rules.encoding}`);
  }
  if (!text.trim()) throw new Refused("FILE_EMPTY");
  return text;
}

function read(bytes, encoding) {
  try { return new TextDecoder(encoding, { fatal: true }).decode(bytes); } catch { return null; }
}

// RFC 4180: quoted fields may hold delimiters, line ends and doubled quotes.
function records(text, delimiter) {
  const found = [];
  let fields = [], at = 0;
  while (at < text.length) {
    let field;
    if (text[at] === '"') [field, at] = quoted(text, at, found.length + 1);
    else field = "";
    const end = fieldEnd(text, at, delimiter);
    fields.push(field + text.slice(at, end));
    at = end;
    if (text[at] === delimiter) {
      at += 1;
      if (at === text.length) fields.push("");
      else continue;
    }
    else at += text[at] === "\r" && text[at + 1] === "\n" ? 2 : 1;
    found.push(fields);
    fields = [];
  }
  if (fields.length) found.push(fields);
  return found;
}

function quoted(text, start, row) {
  let from = start + 1, field = "";
  for (;;) {
    const end = text.indexOf('"', from);
    if (end < 0) throw new Refused("FILE_UNREADABLE", `row ${row}: a quoted value is not closed properly`);
    field += text.slice(from, end);
    if (text[end + 1] !== '"') return [field, end + 1];
    field += '"';
    from = end + 2;
  }
}

function fieldEnd(text, at, delimiter) {
  while (at < text.length && text[at] !== delimiter && text[at] !== "\n" && text[at] !== "\r") at += 1;
  return at;
}

// --- header

function wantedColumns(rules, layout) {
  const pivot = layout.unpivot;
  const filled = new Set(layout.absent);
  if (pivot) [pivot.into, pivot.value, ...Object.values(pivot.values)].forEach((name) => filled.add(name));
  return rules.columns.filter((column) => !filled.has(column.name));
}

function namesOf(column, layout) {
  const stated = layout.headers[column.name];
  return stated ? [stated] : [column.header, ...column.aliases];
}

function owner(text, wanted, layout) {
  const folded = fold(text);
  const exact = wanted.find((column) => namesOf(column, layout).some((name) => fold(name) === folded));
  const like = (c) => c.header_like && !layout.headers[c.name] && whole(c.header_like, "i").test(folded);
  return exact || wanted.find(like);
}

function findHeader(rows, rules, layout) {
  const wanted = wantedColumns(rules, layout);
  const must = wanted.filter((column) => !column.optional_in_file);
  const needed = must.length ? must : wanted;
  const signature = layout.signature.map(fold);
  for (let index = 0; index < Math.min(rows.length, rules.header_search); index += 1) {
    const seen = rows[index].map(fold);
    const owners = new Set(rows[index].map((text) => owner(text, wanted, layout)));
    const isSigned = signature.length && signature.every((text) => seen.includes(text));
    if (isSigned || 2 * needed.filter((column) => owners.has(column)).length >= needed.length) return index;
  }
  return -1;
}

function wideColumn(text, rules, pivot) {
  const found = pivot && whole(pivot.columns, "i").exec(text.trim().split(/\s+/).join(" "));
  if (!found) return null;
  const targets = Object.entries(pivot.values);
  const name = targets.length ? (targets.find(([part]) => fold(part) === fold(found[2] || "")) || [])[1] : pivot.value;
  return rules.columns.find((column) => column.name === name) || null;
}

function isIgnored(text, layout) {
  const plain = text.trim().split(/\s+/).join(" ");
  return (layout.ignored_like && whole(layout.ignored_like, "i").test(plain)) ||
    layout.ignored.some((known) => fold(known) === fold(text));
}

// Where each column lies in one layout, and what is wrong with the header.
function match(rows, rules, layout) {
  const stated = layout.stated_header.length > 0;
  const index = stated ? -1 : findHeader(rows, rules, layout);
  if (!stated && index < 0) return { layout, problems: [["HEADER_NOT_FOUND", "", "the header row is missing or very different"]], cost: 1e6 };
  const header = stated ? layout.stated_header : rows[index];
  const wanted = wantedColumns(rules, layout);
  const positions = new Map(), wide = new Map(), problems = [];
  header.forEach((text, position) => {
    const column = owner(text, wanted, layout), target = column ? null : wideColumn(text, rules, layout.unpivot);
    if (column && positions.has(column)) problems.push(["HEADER_REPEATED_COLUMN", column.header, column.header]);
    else if (column) positions.set(column, position);
    else if (target) wide.set(position, target);
    else if (!isIgnored(text, layout) && (text.trim() || rows.slice(index + 1).some((r) => trim(r[position] || "")))) {
      problems.push(["HEADER_UNKNOWN_COLUMN", `column ${position + 1}`, `column ${position + 1}`]);
    }
  });
  wanted.filter((column) => !positions.has(column) && !column.optional_in_file).forEach((column) => {
    const name = namesOf(column, layout)[0];
    problems.push(["HEADER_MISSING_COLUMN", name, name]);
  });
  if (layout.unpivot && !wide.size) problems.push(["HEADER_MISSING_COLUMN", "", "its wide columns"]);
  return { layout, index, header, positions, wide, problems, cost: problems.length };
}

// --- single values

function parseDate(text, format) {
  if (format[0][0] === "excel_serial") return parseSerial(text);
  const found = whole(format.map(([token, shape]) => (token[0] === "%" ? `(${shape})` : shape)).join("")).exec(text);
  if (!found) return null;
  const parts = {};
  format.filter(([token]) => token[0] === "%").forEach(([token], i) => { parts[token] = found[i + 1]; });
  return moment(parts);
}

function parseSerial(text) {
  if (!/^[0-9]{1,6}([.][0-9]+)?$/.test(text)) return null;
  const days = Number(text);
  if (days < 1) return { year: 1900, time: days * 86400, day: 0 };
  if (days < 61) return null;
  return { year: new Date((days - 25569) * 864e5).getUTCFullYear(), day: Math.floor(days), time: 0 };
}

function moment(parts) {
  const short = Number(parts["%y"]);
  const year = parts["%y"] ? short + (short < 69 ? 2000 : 1900) : Number(parts["%Y"] || 1900);
  const month = Number(parts["%m"]) || monthOf(parts), day = Number(parts["%d"] || 1);
  const hour = Number(parts["%H"] || parts["%I"] || 0);
  const minute = Number(parts["%M"] || 0), second = Number(parts["%S"] || 0);
  const at = new Date(Date.UTC(2000, month - 1, day));
  at.setUTCFullYear(year, month - 1, day);
  const isDay = month >= 1 && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  if (!isDay || hour > 23 || minute > 59 || second > 59) return null;
  return { year, day: Math.round(at.getTime() / 864e5) + 25569, time: hour * 3600 + minute * 60 + second };
}

function monthOf(parts) {
  if (parts["%b"]) return MONTHS.indexOf(parts["%b"].toLowerCase()) + 1;
  if (parts["%B"]) return LONG_MONTHS.indexOf(parts["%B"].toLowerCase()) + 1;
  return "%m" in parts ? 0 : 1;
}

function clean(cell, column) {
  let text = cell;
  if (column.codes || column.pattern || column.logical_type !== "string") text = text.replace(AROUND, "");
  if (column.clean === "code") text = text.toUpperCase().replace(/[^A-Z0-9]/g, "");
  if (column.units.length) {
    const units = column.units.map((unit) => unit.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
    text = text.replace(new RegExp(`\\s*(?:${units})\\.?$`, "i"), "");
  }
  if (column.pad && text) text = text.padStart(column.pad, "0");
  if (column.codes && column.codes.includes(text)) return text;
  return Object.hasOwn(column.spellings, text.toLowerCase()) ? column.spellings[text.toLowerCase()] : text;
}

// The reason code why a cell cannot be used, or null.
function judge(raw, column, rules) {
  const cell = trim(raw), text = clean(cell, column);
  if (column.transform === "person_key") return judgeNhsNumber(cell, rules);
  if (column.transform === "drop") return judgeDropped(text, column);
  const isEmpty = !text || column.markers.includes(cell.toLowerCase());
  if (isEmpty) return column.required ? (column.key ? "KEY_MISSING" : "VALUE_MISSING") : null;
  if (column.transform === "lsoa") return null;
  const code = misfit(text, column);
  return (code || isPlain(column)) && cell.startsWith("=") ? "VALUE_FORMULA" : code;
}

function isPlain(column) {
  return column.logical_type === "string" && !column.codes && !column.pattern;
}

function misfit(text, column) {
  if (column.formats.length) {
    const code = misfitDate(text, column);
    if (code) return code;
  } else if (column.logical_type === "boolean") {
    if (!YES_NO.includes(text.toLowerCase())) return column.reason || "VALUE_CODE";
  } else if (column.logical_type !== "string") {
    const code = misfitNumber(text, column);
    if (code) return code;
  }
  if (column.codes && !column.codes.includes(text)) return column.reason || "VALUE_CODE";
  if (column.pattern && !whole(column.pattern).test(text)) return column.reason || "VALUE_PATTERN";
  return null;
}

function misfitDate(text, column) {
  const found = column.formats.map((format) => parseDate(text, format)).filter(Boolean);
  if (!found.length) return column.reason || "VALUE_DATE";
  const differs = (m) => m.day !== found[0].day || m.time !== found[0].time;
  if (!column.formats.some(([[token]]) => token === "excel_serial") && found.some(differs)) {
    return "VALUE_DATE_AMBIGUOUS";
  }
  const { year } = found[0];
  const isOutside = column.logical_type !== "time" && (year < column.minimum || year > column.maximum);
  return isOutside ? column.reason || "VALUE_RANGE" : null;
}

function misfitNumber(text, column) {
  const shape = column.logical_type === "integer" ? INTEGER : NUMBER;
  const value = Number(text.replace(/[,)%+ ]/g, "").replace("(", "-"));
  if (!shape.test(text) || Number.isNaN(value) || !/[0-9]/.test(text)) return column.reason || "VALUE_NUMBER";
  if (text.endsWith("%")) return null; // per cent of what depends on the unit; landing knows it
  const isOutside = (column.minimum !== null && value < column.minimum) ||
    (column.maximum !== null && value > column.maximum);
  return isOutside ? column.reason || "VALUE_RANGE" : null;
}

function passesModulus11(digits) {
  const sum = [...digits].reduce((total, digit, i) => total + Number(digit) * (i < 9 ? 10 - i : 1), 0);
  return sum % 11 === 0;
}

function judgeNhsNumber(cell, rules) {
  const number = cell.replace(SEPARATORS, "").replace(/^([0-9]+)\.0+$/, "$1");
  if (!number) return null; // an empty number is told by landing; the row counts
  if (/^[0-9]+(\.[0-9]+)?[eE]\+?[0-9]+$/.test(number)) return "NHS_NUMBER_SCIENTIFIC";
  if (!/^[0-9]{10}$/.test(number)) return "NHS_NUMBER_LENGTH";
  if (/^(.)\1{9}$/.test(number) || number === "1234567890") return "NHS_NUMBER_DUMMY";
  if (!passesModulus11(number)) return "NHS_NUMBER_CHECK_DIGIT";
  const isTest = number.startsWith("999");
  if (rules.environment === "synthetic") return isTest ? null : "NHS_NUMBER_NOT_SYNTHETIC";
  return isTest ? "NHS_NUMBER_TEST_RANGE" : null;
}

function judgeDropped(text, column) {
  if (column.semantic_type === "person_name") return text ? column.reason || "NAME_PRESENT" : null;
  if (column.semantic_type !== "free_text") return null;
  const found = text.match(/\b[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}\b/g) || [];
  const holds = found.some((number) => passesModulus11(number.replace(/[ -]/g, "")));
  return holds ? column.reason || "FREE_TEXT_NHS_NUMBER" : null;
}

// --- rows

// "data", or why a row is none: blank, the header again, a total, a footer, about another place.
function kindOf(row, rules, matched) {
  const cells = row.map(trim);
  const first = cells.findIndex(Boolean);
  if (first < 0) return "blank";
  const placed = [...matched.positions];
  if (placed.every(([, position]) => fold(row[position] || "") === fold(matched.header[position]))) return "repeated_header";
  for (const rule of rules.non_data) {
    if (rule.kind === "title") continue;
    const at = rule.column ? placed.find(([column]) => column.name === rule.column) : null;
    if (rule.column && !at) continue;
    const text = at ? cells[at[1]] || "" : cells[first];
    if (text && isOfKind(text, rule, at) && (at || !isRecord(cells, first, rule.kind, placed))) return rule.kind;
  }
  return "data";
}

function isOfKind(text, rule, at) {
  if (rule.kind !== "elsewhere") return whole(rule.matches, "i").test(text);
  const code = at[0].clean === "code" ? text.toUpperCase().replace(/[^A-Z0-9]/g, "") : text.replace(AROUND, "");
  return !whole(rule.unless, "i").test(code);
}

function isRecord(cells, first, kind, placed) {
  const must = placed.filter(([column]) => column.key || column.required);
  const asked = kind === "total" || !must.length ? placed : must;
  const says = ([column, position]) => {
    const text = cells[position] || "";
    if (position === first || !text || ["-", "--", "–", "—", "..", "."].includes(text)) return false;
    return kind !== "total" || column.key || !/^[£(+-]*[0-9][0-9,. ]*[%)]*$/.test(text);
  };
  const filled = asked.filter(says).length;
  return kind === "total" ? filled > 0 : 2 * filled >= Math.max(asked.length - 1, 1);
}

// Fields in a row: delimiters at the end of every row, or of the header, add empty fields.
function widthOf(rows, matched) {
  const named = matched.header.reduce((last, text, i) => (text.trim() ? i + 1 : last), 0);
  const first = rows.slice(matched.index + 1).find((row) => row.some(Boolean)) || [];
  const isPadded = matched.index >= 0 && first.length >= named && !first.slice(named).some(Boolean);
  return isPadded ? first.length : matched.header.length;
}

function checkRows(rows, rules, matched, tell) {
  const width = widthOf(rows, matched), named = matched.header.length;
  const above = new Map();
  let count = 0;
  for (let i = matched.index + 1; i < rows.length; i += 1) {
    const row = rows[i], number = i + 1;
    const kind = kindOf(row, rules, matched);
    if (kind === "footer" && rows.length - i <= rules.header_search) break;
    if (kind !== "data" && kind !== "footer") continue;
    count += 1;
    if (row.length !== width || row.slice(named).some(Boolean)) tell("ROW_FIELD_COUNT", "", number, true);
    else checkCells(row, number, rules, matched, above, tell);
  }
  return count;
}

function checkCells(row, number, rules, matched, above, tell) {
  for (const [column, position] of matched.positions) {
    let cell = row[position];
    if (matched.layout.fill_down.includes(column.name)) {
      if (!trim(cell)) cell = above.get(column) || "";
      above.set(column, cell);
    }
    const code = judge(cell, column, rules);
    if (code) tell(code, column.header, number, takesOut(code, column));
  }
  for (const [position, column] of matched.wide) {
    const code = trim(row[position]) ? judge(row[position], column, rules) : null;
    if (code) tell(code, matched.header[position], number, takesOut(code, column));
  }
}

function takesOut(code, column) {
  if (["person_key", "drop"].includes(column.transform)) return false;
  return code === "KEY_MISSING" || code === "VALUE_MISSING" || column.quarantines;
}

// --- the whole file

/** The result of a file: {rows, problems: [{code, column, count, rows, outcome, detail}], taken_out}. */
function checkFile(bytes, rules) {
  const problems = new Map(), out = new Set();
  const add = (code, column, row, outcome, detail = "") => {
    const key = `${code}\n${column}`;
    if (!problems.has(key)) problems.set(key, { code, column, count: 0, rows: [], outcome, detail });
    const problem = problems.get(key);
    problem.count += 1;
    if (row && problem.rows.length < ROWS_SHOWN) problem.rows.push(row);
  };
  let rows = 0;
  try {
    const matched = readTable(bytes, rules);
    matched.problems.forEach(([code, column, detail]) => add(code, column, matched.index + 1, "reject", detail));
    if (!matched.problems.length) {
      rows = checkRows(matched.rows, rules, matched, (code, column, row, isOut) => {
        if (isOut) out.add(row);
        add(code, column, row, isOut ? "quarantine" : "warn");
      });
      if (!rows) throw new Refused("FILE_HEADER_ONLY");
      if (matched.stated !== null && matched.stated !== rows) {
        throw new Refused("TRAILER_MISMATCH", `the trailer states ${matched.stated} rows, the file has ${rows}`);
      }
    }
  } catch (problem) {
    if (!(problem instanceof Refused)) throw problem;
    add(problem.code, "", 0, "reject", problem.detail);
  }
  return { rows, problems: [...problems.values()], taken_out: out.size };
}

function readTable(bytes, rules) {
  let text = decode(bytes, rules), stated = null;
  if (rules.trailer) {
    const body = text.replace(/[\r\n]+$/, "");
    const start = Math.max(body.lastIndexOf("\n"), body.lastIndexOf("\r")) + 1;
    const found = whole(rules.trailer, "i").exec(body.slice(start).trim());
    if (!found) throw new Refused("TRAILER_MISSING");
    if (found.groups && found.groups.rows) stated = Number(found.groups.rows);
    text = text.slice(0, start);
  }
  const rows = records(text, rules.delimiter);
  const first = rows.find((row) => row.some(Boolean)) || [""];
  const other = [",", ";", "\t", "|"].find((mark) => mark !== rules.delimiter && first[0].includes(mark));
  const isStated = rules.layouts.some((layout) => layout.stated_header.length);
  if (first.length === 1 && other && !isStated) throw new Refused("DELIMITER_WRONG", "another delimiter was found");
  const tried = rules.layouts.map((layout) => match(rows, rules, layout));
  const best = tried.reduce((one, two) => (two.cost < one.cost ? two : one));
  return { ...best, rows, stated };
}

function isAgreedName(name, rules) {
  return rules.names.some((pattern) => whole(pattern, "i").test(name));
}

function sentence(problem, rules) {
  const fill = { column: problem.column, count: String(problem.count), detail: problem.detail || problem.column };
  return rules.reasons[problem.code].sentence.replace(/\{(\w+)\}/g, (all, key) => fill[key] || all)
    .replace(/\b1 (row|NHS number)s\b/g, "1 $1");
}

function verdict(result) {
  if (result.problems.some((problem) => problem.outcome === "reject")) {
    return "This file would be turned away. See below what to change.";
  }
  const rows = `${result.rows} ${result.rows === 1 ? "row" : "rows"}`;
  if (result.taken_out) return `Of ${rows}, ${result.taken_out} would be left out. See below what to change.`;
  if (result.problems.length) return `All ${rows} would count, but some values could not be used. See below.`;
  return `No problem was found in ${rows}.`;
}

// --- the page

function start() {
  const rules = JSON.parse(document.getElementById("rules").textContent);
  const input = document.getElementById("file");
  input.addEventListener("change", async () => {
    const file = input.files[0];
    if (file) await show(file, rules);
  });
}

async function show(file, rules) {
  const said = document.getElementById("verdict"), hint = document.getElementById("name");
  document.getElementById("problems").hidden = true;
  hint.textContent = isAgreedName(file.name, rules) ? "" :
    "The file name is not one of the agreed names. Landing may not know the file or its period by it.";
  if (file.size > rules.most_bytes) {
    said.textContent = "The file is too large for this page. It was not checked.";
    return;
  }
  said.textContent = "Reading the file …";
  await new Promise((resolve) => { setTimeout(resolve, 20); });
  try {
    const result = checkFile(new Uint8Array(await file.arrayBuffer()), rules);
    list(result, rules);
    said.textContent = verdict(result);
  } catch {
    said.textContent = "The page failed on this file, so nothing is known about it. The file may be right.";
  }
}

function list(result, rules) {
  const body = document.querySelector("#problems tbody");
  body.replaceChildren(...result.problems.map((problem) => {
    const more = problem.count - problem.rows.length;
    const rows = problem.rows.join(", ") + (problem.rows.length && more > 0 ? ` and ${more} more` : "");
    const row = document.createElement("tr");
    const texts = [rows || "whole file", problem.column || "–", sentence(problem, rules),
      rules.reasons[problem.code].action];
    ["Row", "Column", "What is wrong", "What to do"].forEach((label, i) => {
      const cell = document.createElement("td");
      cell.dataset.label = label;
      cell.textContent = texts[i];
      row.append(cell);
    });
    return row;
  }));
  document.getElementById("problems").hidden = !result.problems.length;
}

if (typeof document !== "undefined") start();
else module.exports = { checkFile, isAgreedName, sentence, verdict, records };
