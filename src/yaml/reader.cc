#include "yaml/reader.h"

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <limits>
#include <string>

#include "yaml/composer.h"
#include "yaml/parser_text.h"
#include "yaml/positions.h"

namespace flux::yaml {
namespace {

struct Event : yaml_event_t {
  Event() : yaml_event_t{} {}
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { yaml_event_delete(this); }
};

std::string_view text_of(const yaml_char_t* text) {
  return text ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view();
}

Style style_of(yaml_scalar_style_t style) {
  switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
      return Style::single_quoted;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
      return Style::double_quoted;
    case YAML_LITERAL_SCALAR_STYLE:
      return Style::literal;
    case YAML_FOLDED_SCALAR_STYLE:
      return Style::folded;
    default:
      return Style::plain;
  }
}

Scalar scalar_of(const yaml_event_t& event) {
  const auto& data = event.data.scalar;
  return {{reinterpret_cast<const char*>(data.value), data.length},
          text_of(data.tag),
          data.plain_implicit != 0,
          style_of(data.style)};
}

}  // namespace

class Reader::Stream {
 public:
  explicit Stream(std::string_view text) : text_(text), positions_(text), ended_(!text_.has_documents()) {
    const auto seen = text_.view();
    yaml_parser_initialize(&parser_);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(seen.data()), seen.size());
    if (text.size() > std::numeric_limits<std::uint32_t>::max()) refuse(1, "the file is larger than 4 GiB");
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { yaml_parser_delete(&parser_); }

  Result<std::optional<Document>> next();

  int count = 0;
  int error_line = 0;

 private:
  bool parse(Event& event);
  bool compose(Composer& composer);
  /// The problem with an event, empty when it went well.
  std::string apply(Composer& composer, const yaml_event_t& event, std::uint32_t& line);
  void refuse(std::size_t line, const std::string& what);

  [[nodiscard]] Place place_of(const yaml_event_t& event, bool has_properties);
  [[nodiscard]] Place place_of_scalar(const yaml_event_t& event);

  ParserText text_;
  Positions positions_;
  yaml_parser_t parser_{};
  std::size_t depth_ = 0;
  std::uint32_t last_end_ = 0;  ///< of the last event
  bool ended_;
  std::optional<Error> error_;
};

void Reader::Stream::refuse(std::size_t line, const std::string& what) {
  error_line = static_cast<int>(std::max<std::size_t>(line, 1));
  error_ = Error{ErrorKind::user, fmt::format("yaml: line {}: {}", error_line, what), {}};
}

bool Reader::Stream::parse(Event& event) {
  if (error_) return false;
  if (yaml_parser_parse(&parser_, &event)) {
    if (event.type == YAML_SCALAR_EVENT) text_.restore(event);
    return true;
  }
  const std::string what = parser_.problem ? parser_.problem : "out of memory";
  if (parser_.error == YAML_READER_ERROR)
    refuse(positions_.line_at(parser_.problem_offset), what);
  else
    refuse(parser_.problem_mark.line + 1, what);
  return false;
}

Place Reader::Stream::place_of(const yaml_event_t& event, bool has_properties) {
  Place place;
  const auto& start = event.start_mark;
  place.line = static_cast<std::uint32_t>(start.line) + 1;
  place.span.begin = positions_.byte_at(start.index);
  place.span.end = positions_.byte_at(event.end_mark.index);
  if (has_properties) place = positions_.without_properties(place);
  last_end_ = place.span.end;
  return place;
}

Place Reader::Stream::place_of_scalar(const yaml_event_t& event) {
  const auto& data = event.data.scalar;
  const bool has_properties = data.anchor || data.tag;
  const auto before = last_end_;
  const bool is_block = data.style == YAML_LITERAL_SCALAR_STYLE || data.style == YAML_FOLDED_SCALAR_STYLE;
  const bool is_absent = event.start_mark.index == event.end_mark.index && !has_properties;
  auto place = place_of(event, has_properties);
  if (!is_block && !is_absent) return place;
  place = is_block ? positions_.of_block_scalar(place, scalar_of(event).text)
                   : positions_.of_absent(place, event.start_mark.column == 0, before);
  last_end_ = place.span.end;
  return place;
}

std::string Reader::Stream::apply(Composer& composer, const yaml_event_t& event, std::uint32_t& line) {
  line = static_cast<std::uint32_t>(event.start_mark.line) + 1;
  switch (event.type) {
    case YAML_SCALAR_EVENT:
      return composer.scalar(scalar_of(event), place_of_scalar(event), text_of(event.data.scalar.anchor));
    case YAML_ALIAS_EVENT:
      return composer.alias(text_of(event.data.alias.anchor), place_of(event, false));
    case YAML_SEQUENCE_START_EVENT: {
      const auto& data = event.data.sequence_start;
      const auto style = data.style == YAML_FLOW_SEQUENCE_STYLE ? Style::flow : Style::block;
      ++depth_;
      return composer.open(Kind::sequence, style, place_of(event, data.anchor || data.tag), text_of(data.anchor));
    }
    case YAML_MAPPING_START_EVENT: {
      const auto& data = event.data.mapping_start;
      const auto style = data.style == YAML_FLOW_MAPPING_STYLE ? Style::flow : Style::block;
      ++depth_;
      return composer.open(Kind::mapping, style, place_of(event, data.anchor || data.tag), text_of(data.anchor));
    }
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
      --depth_;
      last_end_ = positions_.byte_at(event.end_mark.index);
      // Without a bracket the parser ends a collection where the next token starts, far below its last node.
      if (event.start_mark.index == event.end_mark.index) return composer.close(std::nullopt, line);
      return composer.close(last_end_, line);
    default:
      return "unexpected event";
  }
}

bool Reader::Stream::compose(Composer& composer) {
  depth_ = 0;
  do {
    Event event;
    if (!parse(event)) return false;
    std::uint32_t line = 0;
    if (const auto problem = apply(composer, event, line); !problem.empty()) {
      refuse(line, problem);
      return false;
    }
  } while (depth_ > 0);
  Event end;
  return parse(end);
}

Result<std::optional<Document>> Reader::Stream::next() {
  while (!ended_ && !error_) {
    Event event;
    if (!parse(event)) {
      ++count;
      break;
    }
    if (event.type == YAML_STREAM_END_EVENT) ended_ = true;
    if (event.type != YAML_DOCUMENT_START_EVENT) continue;
    ++count;
    last_end_ = positions_.byte_at(event.end_mark.index);
    Composer composer;
    if (compose(composer)) return composer.take();
  }
  if (error_) return Failure(*error_);
  return std::nullopt;
}

Reader::Reader(std::string_view text) : stream_(std::make_unique<Stream>(text)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

Result<std::optional<Document>> Reader::next() { return stream_->next(); }
int Reader::count() const { return stream_->count; }
int Reader::error_line() const { return stream_->error_line; }

Result<std::vector<Document>> read_all(std::string_view text) {
  Reader reader(text);
  std::vector<Document> documents;
  while (true) {
    auto document = reader.next();
    if (!document) return Failure(std::move(document.error()));
    if (!*document) return documents;
    documents.push_back(std::move(**document));
  }
}

}  // namespace flux::yaml
