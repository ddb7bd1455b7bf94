#!/usr/bin/env python3
"""Writes the tables of built-in kinds and types (kinds_table.cc, *_types.cc) from the facts of a real server.

usage: generate.py OPENAPI_V2.json DISCOVERY_API.json DISCOVERY_APIS.json GO_SOURCE_DIR...

The first three are what a kube-apiserver answers at /openapi/v2, /api and /apis (aggregated discovery, v2). The Go
directories hold its types.go files: they tell which fields are left out when zero and the numbers of the fields in
protobuf, which OpenAPI does not say.
The notation is explained in schema.h and kinds.h.
"""
import json
import pathlib
import re
import sys
import textwrap

LEFT_OUT = {"componentstatuses", "resource.k8s.io", "events.k8s.io", "authentication.k8s.io", "authorization.k8s.io"}
PART = {"core": "core", "meta": "core", "apps": "workload", "batch": "workload", "autoscaling": "workload"}


def go_fields(directories):
    """{(package, struct): {json name: (go type, omitempty, number)}}, embedded structs as None -> [(name, number)]."""
    structs = {}
    for directory in directories:
        for path in pathlib.Path(directory).glob("**/types*.go"):
            package = path.parent.parent.name + "." + path.parent.name
            current = None
            for line in path.read_text().splitlines():
                if opened := re.match(r"type (\w+) struct {", line):
                    current = structs.setdefault((package, opened[1]), {})
                elif line.startswith("}"):
                    current = None
                elif current is not None and (field := re.match(r'\s+(?:\w+\s+)?(\S+)\s+`.*?json:"([^"]*)"(?:.*?protobuf:"\w+,(\d+))?', line)):
                    name, *options = field[2].split(",")
                    if name:
                        current[name] = (field[1], "omitempty" in options or "omitzero" in options, field[3])
                    elif "inline" in options:
                        current.setdefault(None, []).append((field[1], field[3]))
    return structs


def lookup(structs, package, struct, field):
    fields = structs.get((package, struct)) or {}
    if field in fields:
        return fields[field]
    for embedded, number in fields.get(None, []):
        if found := lookup(structs, package, embedded.split(".")[-1].lstrip("*"), field):
            return found[0], found[1], f"{number}.{found[2]}" if number and found[2] else None
    return None


class Writer:
    def __init__(self, definitions, structs):
        self.definitions, self.structs = definitions, structs
        self.names, self.taken, self.lines = {}, {}, {}

    def group(self, full):
        if full.startswith("io.k8s.api."):
            return full.split(".")[3]
        return "meta" if ".meta." in full else "extension"

    def name(self, full):
        if full not in self.names:
            short = full.split(".")[-1]
            if short in self.taken:
                short = ".".join(full.split(".")[-3:])
            self.taken[short] = full
            self.names[full] = short
            self.type(full)
        return self.names[full]

    def special(self, full):
        return {"Quantity": "q", "IntOrString": "x", "Time": "t", "MicroTime": "t", "RawExtension": "*", "FieldsV1": "*",
                "JSON": "*", "JSONSchemaPropsOrBool": "*", "JSONSchemaPropsOrArray": "*",
                "JSONSchemaPropsOrStringArray": "*"}.get(full.split(".")[-1])

    def value(self, schema):
        if ref := schema.get("$ref"):
            full = ref.split("/")[-1]
            if special := self.special(full):
                return special
            atomic = self.definitions[full].get("x-kubernetes-map-type") == "atomic"
            atomic = atomic or schema.get("x-kubernetes-map-type") == "atomic"
            return ("!" if atomic else "") + self.name(full)
        kind = schema.get("type")
        if kind == "array":
            form = schema.get("x-kubernetes-list-type", "atomic")
            merges = "~" if "merge" in schema.get("x-kubernetes-patch-strategy", "") else ""
            retain = "^" if "retainKeys" in schema.get("x-kubernetes-patch-strategy", "") else ""
            item = self.value(schema["items"])
            if form == "set":
                keys = "="
            elif form == "map":
                # The default of an absent key is known to the server, but not told in OpenAPI v2.
                keys = ",".join(k + ("=TCP" if k == "protocol" else "")
                                for k in schema["x-kubernetes-list-map-keys"]) + "|"
            else:
                keys = schema["x-kubernetes-patch-merge-key"] + "@" if merges and "x-kubernetes-patch-merge-key" in schema else ""
            return f"[{merges}{retain}{keys}{item}"
        if kind == "object":
            inner = schema.get("additionalProperties")
            atomic = "!" if schema.get("x-kubernetes-map-type") == "atomic" else ""
            return "{" + atomic + (self.value(inner) if inner else "*")
        if schema.get("format") == "byte":
            return "y"
        return {"string": "s", "integer": "i", "number": "n", "boolean": "b"}.get(kind, "*")

    def go_name(self, full):
        parts = full.split(".")
        return parts[-3] + "." + parts[-2], parts[-1]

    def presence(self, full, field, text):
        found = lookup(self.structs, *self.go_name(full), field)
        if not found:
            return ""
        go, omit, _ = found
        if go.startswith("*"):
            return ""
        if text[0] in "[{":
            return "" if omit else "+"
        if text[0].isupper() or text[0] in "!^" or "." in text:
            return "+"
        return "?" if omit and text in ("s", "i", "b") else ""

    def type(self, full):
        schema = self.definitions[full]
        if "properties" not in schema:
            self.lines[full] = f"{self.names[full]} *"
            return
        fields = []
        for field, value in schema["properties"].items():
            text = self.value(value)
            if "retainKeys" in value.get("x-kubernetes-patch-strategy", "") and text[0] != "[":
                text = "^" + text
            text += self.presence(full, field, text)
            found = lookup(self.structs, *self.go_name(full), field)
            name = f"{field}:{found[2]}" if found and found[2] else field
            fields.append(name if text == "s" else f"{name}?" if text == "s?" else f"{name}={text}")
        self.lines[full] = self.names[full] + " " + " ".join(fields)


def table(path, variable, lines):
    body = "\n".join("\n".join(textwrap.wrap(line, 116, subsequent_indent=" ", break_long_words=False,
                                             break_on_hyphens=False)) for line in lines)
    path.write_text('// Written by generate.py; the notation is explained in schema.h and kinds.h.\n'
                    '#include "sandbox/types/tables.h"\n\nnamespace flux::sandbox {\n\n'
                    f'const std::string_view {variable} = R"(\n{body}\n)";\n\n}}  // namespace flux::sandbox\n')


def main():
    openapi, core, groups, *go = sys.argv[1:]
    definitions = json.load(open(openapi))["definitions"]
    writer = Writer(definitions, go_fields(go))
    roots = {}
    for full, schema in definitions.items():
        for gvk in schema.get("x-kubernetes-group-version-kind", []):
            roots.setdefault((gvk["group"], gvk["version"], gvk["kind"]), full)
    kinds = []
    discovery = json.load(open(core))["items"] + json.load(open(groups))["items"]
    for group in discovery:
        group_name = group["metadata"].get("name", "")
        if group_name in LEFT_OUT:
            continue
        for version in group["versions"]:
            for resource in version["resources"]:
                kind = resource["responseKind"]["kind"]
                root = roots[(group_name, version["version"], kind)]
                if "get" not in resource["verbs"] or resource["resource"] in LEFT_OUT:
                    continue
                subresources = [s["subresource"] for s in resource.get("subresources", [])
                                if s["subresource"] in ("status", "scale")]
                kinds.append(" ".join([
                    f"{group_name}/{version['version']}", kind, resource["resource"], resource["singularResource"],
                    "N" if resource["scope"] == "Namespaced" else "C", ",".join(resource.get("shortNames", [])) or "-",
                    ",".join(resource.get("categories", [])) or "-", ",".join(subresources) or "-", writer.name(root)]))
    for extra in ("io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions", "io.k8s.api.autoscaling.v1.Scale"):
        writer.name(extra)
    here = pathlib.Path(__file__).parent
    table(here / "kinds_table.cc", "kinds_table", kinds)
    parts = {"core": [], "workload": [], "other": []}
    for full in sorted(writer.lines):
        parts[PART.get(writer.group(full), "other")].append(writer.lines[full])
    for part, lines in parts.items():
        table(here / f"{part}_types.cc", f"{part}_types", lines)


main()
