export const start = (url) => ({ collector: `${url}/v1/records` });
