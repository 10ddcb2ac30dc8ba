#include "support/order_client.hpp"

#include "support/tested.hpp"

namespace acme_dns01::test {

namespace {

constexpr auto perl_script = R"perl(
my ($program, $calls, @pairs) = @ARGV;
my (@names, @values, @output, $status);
while (@pairs) { push @names, shift @pairs; push @values, shift @pairs }
$ENV{CERTBOT_ALL_DOMAINS} = join ',', @names;
for my $task ('auth', 'cleanup') {
    for my $i (0 .. $#names) {
        kill 'KILL', $$ if $calls-- == 0;
        $ENV{CERTBOT_DOMAIN} = $names[$i];
        $ENV{CERTBOT_VALIDATION} = $values[$i];
        $ENV{CERTBOT_REMAINING_CHALLENGES} = $#names - $i;
        $ENV{CERTBOT_AUTH_OUTPUT} = $output[$i] if $task eq 'cleanup';
        open my $hook, '-|', $program, 'hook', "certbot-$task" or exit 99;
        $output[$i] = join '', <$hook> if $task eq 'auth';
        close $hook;
        $status ||= $? >> 8;
    }
}
exit $status;
)perl";

} // namespace

std::vector<order_name> names_of_order(std::size_t count, char letter) {
    std::vector<order_name> names;
    for (std::size_t i = 0; i < count; ++i) {
        auto const number = std::to_string(i);
        auto value = number + std::string(43, letter);
        value.resize(43);
        names.push_back({"host" + number + ".example.com", value});
    }
    return names;
}

command order_client(
    sandbox::local_digitalocean const& s, std::vector<order_name> const& names, int calls
) {
    command c;
    c.arguments = {"perl", "-e", perl_script, tested::program(), std::to_string(calls)};
    for (auto const& name : names)
        c.arguments.insert(c.arguments.end(), {name.domain, name.value});
    c.environment = s.environment();
    c.capture = true;
    c.time_limit = seconds(60);
    return c;
}

} // namespace acme_dns01::test
