// Reads an AsyncAPI document from standard input; prints what the official parser says against it, as JSON.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const { document, diagnostics } = await new Parser().parse(readFileSync(0, "utf8"));
const said = diagnostics.map(({ severity, code, message, path }) => ({ severity, code, message, path: path.join(".") }));
console.log(JSON.stringify({ messages: document ? document.components().messages().all().map((one) => one.id()).sort() : [], said }));
