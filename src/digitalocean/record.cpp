#include "digitalocean/record.hpp"

#include "digitalocean/json.hpp"

namespace acme_dns01::digitalocean {

namespace json = boost::json;

namespace {

template <class T>
json::value or_null(std::optional<T> const& value) {
    if (!value) return nullptr;
    return json::value(*value);
}

// Reads one key after the other and keeps the first failure, so that the caller asks once.
class reader {
public:
    explicit reader(json::object const& o) : object_(o) {}

    template <class Read, class T>
    reader& operator()(Read read, std::string_view key, T& target) {
        if (failure_) return *this;
        auto value = read(object_, key);
        if (value) {
            target = std::move(*value);
        } else {
            failure_ = value.error();
        }
        return *this;
    }

    template <class T>
    result<T> finish(T value) const {
        if (failure_) return *failure_;
        return value;
    }

private:
    json::object const& object_;
    std::optional<error> failure_;
};

} // namespace

json::object to_json(record const& r) {
    return {
        {"id", r.id},
        {"type", r.type},
        {"name", r.name},
        {"data", r.data},
        {"priority", or_null(r.priority)},
        {"port", or_null(r.port)},
        {"ttl", or_null(r.ttl)},
        {"weight", or_null(r.weight)},
        {"flags", or_null(r.flags)},
        {"tag", or_null(r.tag)},
    };
}

json::object to_json(domain const& d) {
    return {{"name", d.name}, {"ttl", or_null(d.ttl)}, {"zone_file", or_null(d.zone_file)}};
}

result<record> record_from_json(json::value const& value) {
    auto const object = as_object(value, "domain_record");
    if (!object) return object.error();
    record r;
    std::optional<std::string> data;
    reader read(*object);
    read(required_integer, "id", r.id)(required_string, "type", r.type);
    read(required_string, "name", r.name)(optional_string, "data", data);
    read(optional_integer, "priority", r.priority)(optional_integer, "port", r.port);
    read(optional_integer, "ttl", r.ttl)(optional_integer, "weight", r.weight);
    read(optional_integer, "flags", r.flags)(optional_string, "tag", r.tag);
    r.data = data.value_or("");
    return read.finish(std::move(r));
}

result<domain> domain_from_json(json::value const& value) {
    auto const object = as_object(value, "domain");
    if (!object) return object.error();
    domain d;
    reader read(*object);
    read(required_string, "name", d.name)(optional_integer, "ttl", d.ttl);
    read(optional_string, "zone_file", d.zone_file);
    return read.finish(std::move(d));
}

} // namespace acme_dns01::digitalocean
