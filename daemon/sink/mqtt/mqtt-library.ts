/**
 * MQTT.js, read once a broker is named. Its functions are named here: where a build reads it as a part of its own, nobody else
 * finds them in it, as it is written for `require`.
 */
export { connect, connectAsync } from 'mqtt';
