#include "support/user.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <sstream>

BOOST_AUTO_TEST_SUITE(integration_hostile_texts)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;

namespace {

using texts = std::vector<std::string>;

texts const hostile_names{
    "",
    ".",
    "..",
    "example..com",
    "exa mple.com",
    "example.com\nacme-dns01: example.org",
    "\x1b[31mexample.com",
    "\x9b"
    "31mexample.com",
    "example.com\r",
    "\t.example.com",
    "*.*.example.com",
    "www.*.example.com",
    "../../account",
    "example.com/records",
    "example.com?x=y",
    "example.com#",
    "example.com%00",
    "%original_token%",
    "\xff\xfe.example.com",
    "\xc3\xa9\xcc.example.com",
    "$(id).example.com",
    std::string(64, 'a') + ".example.com",
    std::string(300, 'a'),
    std::string(100'000, '.'),
};

texts const hostile_values{
    "",
    "a b",
    "a\nb",
    "\"",
    "\\",
    "\x1b]0;title\x07",
    "\xff",
    std::string(256, 'a'),
    std::string(100'000, 'a'),
};

// An error and perhaps its hint, each on one line of its own.
bool is_an_error_of_printable_lines(std::string const& text) {
    std::istringstream lines(text);
    std::string line;
    for (int i = 0; std::getline(lines, line); ++i) {
        if (!line.starts_with(i == 0 ? "acme-dns01: error: " : "acme-dns01: hint: ")) return false;
        auto const printable = [](unsigned char c) { return c >= 32 && c != 127 && c < 128; };
        if (i > 1 || !std::ranges::all_of(line, printable)) return false;
    }
    return text.ends_with('\n');
}

std::string shown(std::string const& text) {
    return boost::json::serialize(boost::json::value(text.substr(0, 40)));
}

} // namespace

BOOST_AUTO_TEST_CASE(hostile_names_are_refused_before_any_request) {
    local_digitalocean const s(quick());
    user const admin(s);
    for (auto const& name : hostile_names) {
        for (auto const& line : {
                 texts{"present", "--no-wait", "--", name, value_a},
                 texts{"caa", "check", "--issuer", "letsencrypt.org", "--", name},
                 texts{"record", "list", "--", name},
             }) {
            BOOST_TEST_CONTEXT(line[0] << " " << shown(name)) {
                auto const out = admin.run(line);
                BOOST_TEST(out.status == 2);
                BOOST_TEST(out.out == "");
                BOOST_TEST(is_an_error_of_printable_lines(out.err), out.err);
            }
        }
    }
    BOOST_TEST(s.calls().empty());
    BOOST_TEST(s.queries().empty());
}

BOOST_AUTO_TEST_CASE(hostile_values_are_refused_before_any_request) {
    local_digitalocean const s(quick());
    user const admin(s);
    for (auto const& value : hostile_values) {
        for (std::string const command : {"present", "cleanup"}) {
            BOOST_TEST_CONTEXT(command << " " << shown(value)) {
                auto const out = admin.run({command, "--", "example.com", value});
                BOOST_TEST(out.status == 2);
                BOOST_TEST(is_an_error_of_printable_lines(out.err), out.err);
            }
        }
    }
    BOOST_TEST(s.calls().empty());
}

BOOST_AUTO_TEST_CASE(an_error_that_quotes_the_api_has_as_many_lines_as_any) {
    local_digitalocean s(quick());
    user const admin(s);
    auto const text = "first\nacme-dns01: error: forged\r\n\x1b[2J\xc2\x9b"
                      "1m\t" +
                      std::string(9000, 'x');
    struct {
        std::string method;
        unsigned status;
    } const cases[] = {
        {"GET", 401},
        {"GET", 403},
        {"POST", 400},
        {"POST", 404},
        {"POST", 422},
        {"POST", 429},
        {"POST", 500},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.method << " " << c.status) {
            auto f = failing(
                acme_dns01::sandbox::fault_action::answer,
                c.method,
                acme_dns01::sandbox::fault::always
            );
            f.status = c.status;
            f.body = boost::json::serialize(boost::json::object{
                {"id", text}, {"message", text}, {"request_id", text}});
            s.clear_faults();
            s.inject(f);
            auto const out =
                admin.run({"present", "example.com", value_a, "--no-wait", "--deadline", "1"});
            BOOST_TEST(out.status != 0);
            BOOST_TEST(is_an_error_of_printable_lines(out.err), out.err);
            BOOST_TEST(out.err.find("first") != std::string::npos, out.err);
            BOOST_TEST(out.err.size() < 2000U);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
