// A certified OpenID provider for the tests: `node provider.js PORT REDIRECT_URI ...` (PORT 0 takes
// a free one). It says `listening PORT` when it is there, and ends when its standard input does.
//
// Anybody may log in as anybody: `login_hint` is who, as `name,verified|unverified`, and there is
// no page in between. What a real one asks of people is nothing that this project could get wrong.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const [port, ...redirectUris] = process.argv.slice(2);

const claimsOf = (sub) => {
  const [name, state] = sub.split(',');
  if (state === 'nameless') return { sub };
  return {
    sub,
    name: name[0].toUpperCase() + name.slice(1),
    email: `${name}@example.org`,
    email_verified: state === 'verified',
  };
};

const server = createServer();
await new Promise((resolve) => server.listen(Number(port), '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'hubbub',
      client_secret: 'a-secret-that-only-tests-know',
      redirect_uris: redirectUris,
      grant_types: ['authorization_code'],
      response_types: ['code'],
    },
  ],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  cookies: { keys: ['a-key-of-no-worth'] },
  features: { devInteractions: { enabled: false } },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => claimsOf(sub) }),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  pkce: { required: () => true },
  ttl: { AuthorizationCode: 60, Session: 600, Interaction: 600, Grant: 600, IdToken: 600, AccessToken: 600 },
});

const finish = async (request, response) => {
  const { params, prompt, session } = await provider.interactionDetails(request, response);
  if (params.login_hint === 'nobody') {
    const refusal = { error: 'access_denied', error_description: 'they said no' };
    return provider.interactionFinished(request, response, refusal);
  }
  if (prompt.name === 'login') {
    const result = { login: { accountId: params.login_hint } };
    return provider.interactionFinished(request, response, result);
  }
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const result = { consent: { grantId: await grant.save() } };
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
};

const handle = provider.callback();
server.on('request', (request, response) => {
  if (request.url.startsWith('/interaction/')) {
    finish(request, response).catch((error) => response.writeHead(500).end(String(error)));
  } else {
    handle(request, response);
  }
});

process.stdin.on('end', () => process.exit(0)).resume();
console.log(`listening ${server.address().port}`);
