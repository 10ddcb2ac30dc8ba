#include "support/acme_client.hpp"
#include "support/client_world.hpp"
#include "support/tested.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

BOOST_AUTO_TEST_SUITE(clients_persist)

using namespace acme_dns01::test;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

// certbot's own library speaks ACME; no client of Debian 12 knows the challenge. The account is
// made, then our record, whose CA and account the arguments name, and then the certificate.
constexpr auto script = R"python(
import datetime, subprocess, sys
import josepy as jose
from acme import client, crypto_util, messages
from cryptography.hazmat.backends import default_backend
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

def new_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048, backend=default_backend())

class Empty(jose.JSONObjectWithFields):
    def __bool__(self):
        return True

directory, program, folder = sys.argv[1:4]
net = client.ClientNetwork(jose.JWKRSA(key=new_key()))
ca = client.ClientV2(client.ClientV2.get_directory(directory, net), net)
account = ca.new_account(messages.NewRegistration.from_data(terms_of_service_agreed=True))
subprocess.run([program, 'persist', 'set', '*.example.com', '--issuer', 'pebble.letsencrypt.org',
                '--account-uri', account.uri, '--yes'], check=True)
key = new_key().private_bytes(serialization.Encoding.PEM,
                              serialization.PrivateFormat.TraditionalOpenSSL,
                              serialization.NoEncryption())
order = ca.new_order(crypto_util.make_csr(key, ['example.com', '*.example.com']))
for authorization in order.authorizations:
    for challenge in authorization.body.challenges:
        if challenge.to_partial_json().get('type') == 'dns-persist-01':
            net.post(challenge.uri, Empty(), new_nonce_url=ca.directory['newNonce'])
            break
    else:
        sys.exit('no dns-persist-01 challenge is offered')
end = datetime.datetime.now() + datetime.timedelta(seconds=60)
with open(folder + '/cert.pem', 'w') as file:
    file.write(ca.poll_and_finalize(order, end).fullchain_pem)
)python";

bool pebble_has_dns_persist_01() {
    acme_dns01::test::command look;
    look.arguments = {"sh", "-c", "grep -q dns-persist-01 \"$(command -v pebble)\""};
    auto const found = acme_dns01::test::run(look);
    return found && found->status == 0;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_real_ca_takes_our_standing_record) {
    auto const is_possible = pebble_has_dns_persist_01();
    BOOST_WARN_MESSAGE(
        is_possible, "skipped: this Pebble is older than 2.10, without dns-persist-01"
    );
    if (!is_possible) return;
    auto const here = new_world(quick());
    auto const& folder = here->scratch.path();
    std::ofstream(folder / "order.py") << script;
    acme_dns01::test::command order;
    order.arguments = {
        "/usr/bin/python3", folder / "order.py", here->ca.directory(), tested::program(), folder};
    order.environment = here->s.environment();
    order.environment["REQUESTS_CA_BUNDLE"] = here->s.ca_file();
    order.capture = true;
    order.time_limit = acme_dns01::seconds(120);
    auto const done = acme_dns01::test::run(order).value();
    BOOST_TEST(done.status == 0, done.out + done.err);
    BOOST_TEST(
        names_in_certificate(folder / "cert.pem") == (texts{"*.example.com", "example.com"}),
        per_element()
    );
}

BOOST_AUTO_TEST_SUITE_END()
