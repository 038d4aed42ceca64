/* global YogaGraphiQL, document, self, sessionStorage */
const workers = { editorWorkerService: 'editor', json: 'json', graphql: 'graphql' };
self.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (_module, label) => `/graphiql/${workers[label] ?? 'editor'}.worker.js`,
};

const form = document.querySelector('#sign-in');
const field = document.querySelector('#key');

function open(key) {
  form.hidden = true;
  YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
    endpoint: '/graphql',
    title: 'Picard explorer',
    additionalHeaders: { authorization: `Bearer ${key}` },
    defaultQuery:
      '# What would you like to know?\n{\n  viewer {\n    user { handle }\n    memories(first: 5) { edges { node { id text tags } } }\n  }\n}\n',
  });
}

const known = sessionStorage.getItem('picard-key');
if (known) open(known);
else form.hidden = false;

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const key = field.value.trim();
  sessionStorage.setItem('picard-key', key);
  open(key);
});
