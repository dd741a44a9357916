/** Loaded before the daemon: SIGUSR2 makes an error that nobody catches, as a mistake in a timer would. */
process.on('SIGUSR2', () => {
  setTimeout(() => {
    throw new Error('nobody catches this');
  });
});
