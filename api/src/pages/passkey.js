/* global document, window, fetch, location */
// Sign-in with a passkey needs this script; every other way works without one, so its button is hidden until now.
const form = document.querySelector('#passkey');
const status = document.querySelector('#passkey-status');

async function signIn() {
  status.textContent = 'Waiting for your passkey…';
  try {
    const [{ startAuthentication }, answer] = await Promise.all([
      import('./webauthn/methods/startAuthentication.js'),
      fetch(`${form.action}/options`, { method: 'POST' }),
    ]);
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.message);
    form.elements.response.value = JSON.stringify(await startAuthentication({ optionsJSON: body }));
    status.textContent = '';
    form.submit();
  } catch (error) {
    status.textContent =
      error.name === 'NotAllowedError'
        ? 'No passkey was used: it took too long, or you cancelled. Try again, or use your password.'
        : `The passkey could not be used. ${error.message}`;
  }
}

if (form && location.origin !== form.dataset.origin) {
  status.textContent =
    `Passkeys work at ${form.dataset.origin} alone, and this page is open at ${location.origin}. ` +
    'Use your password here, or begin again at the first address.';
} else if (form && window.PublicKeyCredential) {
  form.hidden = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void signIn();
  });
}
