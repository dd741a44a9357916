/**
 * Imported before onnxruntime, which from 1.29 on tells its makers how it is used unless this is set when it begins:
 * https://github.com/microsoft/onnxruntime/pull/27379.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';
