import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { cleartextRefusal, type NodeFailure, type Platform, wordsFor } from './platform-words.js';

/**
 * A stand-in for React Native's XMLHttpRequest, made after its sources (Libraries/Network/XMLHttpRequest.js, 0.80): a request that failed
 * has status 0, `_hasError`, and the platform's message as `_response` and `responseText`. The network below is Node's.
 */
export function xmlHttpRequest(platform: Platform) {
  return class XMLHttpRequest {
    readyState = 0;
    status = 0;
    timeout = 0;
    withCredentials = true;
    onreadystatechange: (() => void) | null = null;
    onload: (() => void) | null = null;
    onerror: (() => void) | null = null;
    _hasError = false;
    _response = '';
    _responseType = '';
    #headers: Record<string, string> = {};
    #answerHeaders: IncomingMessage['headers'] = {};
    #method = 'GET';
    #url = '';
    #abort = () => {};

    get responseText(): string {
      return this.readyState < 3 ? '' : this._response;
    }

    get response(): string {
      return this.readyState < 3 || this._hasError ? '' : this._response;
    }

    open(method: string, url: string) {
      this.#method = method;
      this.#url = url;
      this.#go(1);
    }

    setRequestHeader(name: string, value: unknown) {
      if (this.readyState !== 1) throw new Error('Request has not been opened');
      this.#headers[name.toLowerCase()] = String(value);
    }

    setDisableHeaderCheck() {}

    getResponseHeader(name: string): string | null {
      return this.#answerHeaders[name.toLowerCase()]?.toString() ?? null;
    }

    getAllResponseHeaders(): string {
      return Object.entries(this.#answerHeaders)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('');
    }

    send(body?: string | null) {
      const url = new URL(this.#url);
      const fail = (message: string) => {
        if (this.readyState === 4) return;
        this._response = message;
        this._hasError = true;
        this.#go(4);
        this.onerror?.();
      };
      if (url.protocol === 'http:' && !platform.permitsCleartext) {
        setImmediate(() => fail(cleartextRefusal(platform, url)));
        return;
      }
      const ask = url.protocol === 'https:' ? httpsRequest : httpRequest;
      const request = ask(url, { method: this.#method, headers: this.#headers, agent: false }, (answer) => {
        this.status = answer.statusCode ?? 0;
        this.#answerHeaders = answer.headers;
        this.#go(2);
        answer.setEncoding('utf8');
        answer.on('data', (text) => {
          this._response += text;
        });
        answer.on('error', (error: NodeFailure) => fail(wordsFor(platform, url, error)));
        answer.on('end', () => {
          this.#go(3);
          this.#go(4);
          this.onload?.();
        });
      });
      this.#abort = () => request.destroy();
      request.on('error', (error: NodeFailure) => fail(wordsFor(platform, url, error)));
      request.end(body ?? undefined);
    }

    abort() {
      this.#abort();
      this.readyState = 0;
    }

    #go(state: number) {
      this.readyState = state;
      this.onreadystatechange?.();
    }
  };
}
