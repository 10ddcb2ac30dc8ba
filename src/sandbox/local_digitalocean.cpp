#include "sandbox/local_digitalocean.hpp"

#include "sandbox/account.hpp"
#include "sandbox/api.hpp"
#include "sandbox/certificate_authority.hpp"
#include "sandbox/dns_server.hpp"
#include "sandbox/fault_injector.hpp"
#include "sandbox/https_server.hpp"
#include "sandbox/record_rules.hpp"
#include "sandbox/temporary_folder.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <csignal>
#include <future>
#include <stdexcept>
#include <thread>

namespace acme_dns01::sandbox {

namespace {

std::vector<std::string> hosts_of(std::vector<name_server> const& servers) {
    if (servers.empty()) throw std::runtime_error("the sandbox needs a name server");
    std::vector<std::string> hosts;
    for (auto const& server : servers)
        hosts.push_back(server.host);
    return hosts;
}

dns::name name_of(std::string_view text) {
    auto const name = dns::name::parse(text);
    if (!name) throw std::invalid_argument(name.error().text());
    return *name;
}

std::string local(std::uint16_t port) { return "127.0.0.1:" + std::to_string(port); }

clock::time_point moment_of(publishing when) {
    return when == publishing::at_once ? from_the_start : clock::now();
}

dns_handler handler_for(name_service& names) {
    return [&names](std::string_view address, std::span<std::uint8_t const> query, bool over_tcp) {
        return names.answer(address, query, over_tcp, clock::now());
    };
}

} // namespace

std::vector<name_server> default_name_servers() {
    return {
        {"ns1.digitalocean.com", {"127.53.0.1"}, seconds(0.2)},
        {"ns2.digitalocean.com", {"127.53.0.2"}, seconds(0.5)},
        {"ns3.digitalocean.com", {"127.53.0.3"}, seconds(1.0)},
    };
}

struct local_digitalocean::parts {
    explicit parts(options const& o);
    parts(parts const&) = delete;
    parts& operator=(parts const&) = delete;
    ~parts();

    // Runs the function on the thread of the servers. Returns its value or rethrows its exception.
    template <class Function>
    auto run(Function function) {
        std::packaged_task<decltype(function())()> task(std::move(function));
        auto done = task.get_future();
        boost::asio::post(*io_, [&task] { task(); });
        return done.get();
    }
    void populate(options const& o);
    zone const& zone_called(std::string_view name) const;
    void add_domain(std::string_view text, clock::time_point at);
    std::int64_t
    add_record(std::string_view zone_name, digitalocean::record const& r, clock::time_point at);

    temporary_folder folder_{"acme-dns01-sandbox"};
    std::string token_ = "dop_v1_" + random_hex(32);
    certificate_authority authority_;
    account account_;
    name_service names_;
    fault_list faults_;
    call_log calls_;
    api api_;
    fault_injector injector_{api_, faults_, calls_};
    std::string resolver_address_;
    std::size_t certificates_ = 0;
    std::unique_ptr<boost::asio::io_context> io_ = std::make_unique<boost::asio::io_context>(1);
    std::unique_ptr<dns_server> dns_;
    std::unique_ptr<https_server> https_;
    std::thread thread_;
};

local_digitalocean::parts::parts(options const& o)
    : account_(hosts_of(o.name_servers), moment::now().unix_time.count())
    , names_(account_, o.name_servers, o.resolver_address)
    , calls_(o.access_log)
    , api_(account_, {token_, o.scopes, o.limits, random_uuid})
    , resolver_address_(o.resolver_address) {
    populate(o);
    write_private_file(folder_.path() / "ca.pem", authority_.certificate());
    write_private_file(folder_.path() / "acme-dns01.conf", "");
    std::filesystem::create_directory(folder_.path() / "state");
    std::filesystem::permissions(folder_.path() / "state", std::filesystem::perms::owner_all);
    dns_ = std::make_unique<dns_server>(*io_, names_.addresses(), handler_for(names_));
    https_ = std::make_unique<https_server>(
        *io_, authority_.issue({"localhost", "127.0.0.1"}), injector_
    );
    api_.set_base_url("https://" + local(https_->port()));
    thread_ = std::thread([this] {
        // Signals are for the threads of our caller.
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, nullptr);
        io_->run();
    });
}

local_digitalocean::parts::~parts() {
    io_->stop();
    thread_.join();
    // Operations that wait in it refer to the servers.
    io_.reset();
}

void local_digitalocean::parts::populate(options const& o) {
    for (auto const& name : o.domains)
        add_domain(name, from_the_start);
    for (auto const& given : o.records)
        add_record(given.zone, given.record, from_the_start);
    for (auto const& f : o.faults)
        faults_.add(f);
}

zone const& local_digitalocean::parts::zone_called(std::string_view name) const {
    auto const* z = account_.find(name_of(name));
    if (z == nullptr) throw std::invalid_argument("no such zone: " + std::string(name));
    return *z;
}

void local_digitalocean::parts::add_domain(std::string_view text, clock::time_point at) {
    auto const name = name_of(text);
    if (account_.find(name) != nullptr)
        throw std::invalid_argument("the zone exists already: " + name.text());
    account_.create(name, std::nullopt, at);
}

std::int64_t local_digitalocean::parts::add_record(
    std::string_view zone_name, digitalocean::record const& r, clock::time_point at
) {
    auto const& z = zone_called(zone_name);
    auto const checked = checked_record(r, z);
    if (!checked) throw std::invalid_argument(checked.error().text());
    return account_.add(z.name, *checked, at).id;
}

local_digitalocean::local_digitalocean(options const& o) : parts_(std::make_unique<parts>(o)) {}
local_digitalocean::~local_digitalocean() = default;

std::string local_digitalocean::api_url() const {
    return "https://" + local(parts_->https_->port());
}
std::string local_digitalocean::ca_file() const { return parts_->folder_.path() / "ca.pem"; }
std::string local_digitalocean::resolver() const {
    return parts_->resolver_address_ + ":" + std::to_string(dns_port());
}
std::uint16_t local_digitalocean::dns_port() const { return parts_->dns_->port(); }
std::string local_digitalocean::token() const { return parts_->token_; }
std::string local_digitalocean::state_dir() const { return parts_->folder_.path() / "state"; }

std::map<std::string, std::string> local_digitalocean::environment() const {
    return {
        {"ACME_DNS01_CONFIG", parts_->folder_.path() / "acme-dns01.conf"},
        {"ACME_DNS01_API_URL", api_url()},
        {"ACME_DNS01_RESOLVER", resolver()},
        {"ACME_DNS01_DNS_PORT", std::to_string(dns_port())},
        {"ACME_DNS01_STATE_DIR", state_dir()},
        {"SSL_CERT_FILE", ca_file()},
        {"DIGITALOCEAN_TOKEN", token()},
        {"NO_PROXY", "localhost,127.0.0.1"},
    };
}

std::vector<call> local_digitalocean::calls() const {
    return parts_->run([&] { return parts_->calls_.all(); });
}

void local_digitalocean::clear_calls() {
    parts_->run([&] { parts_->calls_.clear(); });
}

std::size_t local_digitalocean::connections() const {
    return parts_->run([&] { return parts_->https_->accepted(); });
}

std::size_t local_digitalocean::arrived() const {
    return parts_->run([&] { return parts_->injector_.arrived(); });
}

void local_digitalocean::age_requests(seconds by) {
    parts_->run([&] { parts_->api_.age_requests(to_duration(by)); });
}

void local_digitalocean::inject(fault f) {
    parts_->run([&] { parts_->faults_.add(std::move(f)); });
}

void local_digitalocean::clear_faults() {
    parts_->run([&] { parts_->faults_.clear(); });
}

std::vector<digitalocean::record> local_digitalocean::records(std::string_view zone) const {
    return parts_->run([&] { return parts_->account_.records(parts_->zone_called(zone)); });
}

void local_digitalocean::add_domain(std::string_view name, publishing when) {
    parts_->run([&] { parts_->add_domain(name, moment_of(when)); });
}

std::int64_t local_digitalocean::add_record(
    std::string_view zone, digitalocean::record const& r, publishing when
) {
    return parts_->run([&] { return parts_->add_record(zone, r, moment_of(when)); });
}

void local_digitalocean::remove_record(std::string_view zone, std::int64_t id, publishing when) {
    parts_->run([&] {
        parts_->account_.remove_record(parts_->zone_called(zone).name, id, moment_of(when));
    });
}

void local_digitalocean::set_behaviour(std::string_view address, behaviour b) {
    parts_->run([&] { parts_->names_.set_behaviour(address, b); });
}

void local_digitalocean::set_delay(std::string_view address, seconds delay) {
    parts_->run([&] { parts_->names_.set_delay(address, delay); });
}

std::vector<query_count> local_digitalocean::queries() const {
    return parts_->run([&] { return parts_->names_.queries(); });
}

std::size_t
local_digitalocean::query_count_of(std::string_view server, dns::question const& asked) const {
    std::size_t total = 0;
    for (auto const& q : queries()) {
        if (q.server == server && q.asked == asked) total += q.count;
    }
    return total;
}

void local_digitalocean::clear_queries() {
    parts_->run([&] { parts_->names_.clear_queries(); });
}

certificate_files local_digitalocean::issue_certificate(std::vector<std::string> const& hosts) {
    return parts_->run([&] {
        auto const issued = parts_->authority_.issue(hosts);
        auto const base = parts_->folder_.path() / std::to_string(++parts_->certificates_);
        certificate_files const files{base.string() + ".cert.pem", base.string() + ".key.pem"};
        write_private_file(files.certificate, issued.certificate);
        write_private_file(files.key, issued.key);
        return files;
    });
}

} // namespace acme_dns01::sandbox
