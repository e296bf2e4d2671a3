// Goes through a portal as people do: signs in, follows the links of every page, and sends the form of an answer as it
// stands. Of addresses that differ only in whom or what they name, a few are asked.
//   node scripts/order/walk.mjs ADDRESS PASSWORD PERSON...
// Prints how many addresses were asked and what failed, and ends with 1 where more than a tenth did: a program whose every
// function is counted is so slow that some pages come too late.
import { argv, exit, stdout } from 'node:process'

const OF_A_KIND = 2
const AT_MOST = 1500

const [address, password, ...people] = argv.slice(2)
let asked = 0
let failed = 0

const plain = (text) => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#x27;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>')
const attribute = (tag, name) => plain(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '')

/** What an address asks for, whomever it names: what stands between slashes and holds a number or a capital is a name. */
function kind (path) {
  const url = new URL(path, address)
  const segments = url.pathname.split('/').map((segment) => (/[0-9A-Z%]/.test(segment) ? '*' : segment))
  return `${segments.join('/')}?${[...url.searchParams.keys()].sort().join('&')}`
}

/** A person, or nobody, with the cookies that a browser would keep. */
class Visitor {
  cookies = new Map()
  begins = ['/']

  async ask (path, body) {
    asked += 1
    const headers = { cookie: [...this.cookies].map((pair) => pair.join('=')).join('; '), 'accept-encoding': 'br', accept: 'text/html,*/*' }
    const send = () => fetch(new URL(path, address), { method: body ? 'POST' : 'GET', body, headers, redirect: 'manual' })
    let answer, text
    try {
      // Once more where the server closed a connection in the moment in which it was used again.
      answer = await send().catch(send)
      text = await answer.text()
    } catch (error) {
      failed += 1
      console.error(`${error.cause?.code ?? error.message} ${body ? 'POST' : 'GET'} ${path}`)
      return { answer: new Response(), text: '' }
    }
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)
      this.cookies.set(name, value)
    }
    // Whoever may not see a page is told so; a page that cannot be made is a failure.
    if (answer.status >= 500) {
      failed += 1
      console.error(`${answer.status} ${body ? 'POST' : 'GET'} ${path}`)
    }
    return { answer, text }
  }

  async signIn (email) {
    const { text } = await this.ask('/sign-in')
    const csrf = attribute(/<input[^>]*name="csrf"[^>]*>/.exec(text)[0], 'value')
    const { answer } = await this.ask('/sign-in', new URLSearchParams({ csrf, email, password }))
    if (answer.status !== 303) throw new Error(`${email} was not signed in: ${answer.status}`)
    this.begins.unshift(answer.headers.get('location'))
  }

  /** Sends the first form of an answer on a page, with what stands in it. */
  async save (path, page) {
    for (const [, tag, inside] of page.matchAll(/(<form[^>]*method="post"[^>]*>)([^]*?)<\/form>/g)) {
      if (!/<textarea/.test(inside) || /type="file"/.test(inside)) continue
      const fields = new URLSearchParams()
      for (const [input] of inside.matchAll(/<input[^>]*>/g)) {
        const checkable = /type="(radio|checkbox)"/.test(input)
        if (attribute(input, 'name') && (!checkable || /\schecked/.test(input))) fields.append(attribute(input, 'name'), attribute(input, 'value'))
      }
      for (const [, area, value] of inside.matchAll(/(<textarea[^>]*>)([^<]*)/g)) fields.append(attribute(area, 'name'), plain(value).trimStart())
      await this.ask(new URL(attribute(tag, 'action') || path, new URL(path, address)).pathname, fields)
      return
    }
  }

  /** Follows links from where a person comes to, wide before deep. */
  async walk () {
    const seen = new Set()
    const kinds = new Map()
    const ahead = [...this.begins]
    while (ahead.length > 0 && seen.size < AT_MOST) {
      const path = ahead.shift()
      const many = kinds.get(kind(path)) ?? 0
      if (seen.has(path) || many >= OF_A_KIND) continue
      seen.add(path)
      kinds.set(kind(path), many + 1)
      const { answer, text } = await this.ask(path)
      const next = answer.headers.get('location')
      const links = [...text.matchAll(/<(?:a|img|link|script)\s[^>]*?(?:href|src)="([^"#]+)[^"]*"/g)].map((found) => plain(found[1]))
      for (const link of next ? [next] : links) {
        const url = new URL(link, new URL(path, address))
        if (url.origin === new URL(address).origin && !/sign-out/.test(url.pathname)) ahead.push(url.pathname + url.search)
      }
      if (/\/returns\/[^/]+\/requirements\/[^/]+$/.test(new URL(path, address).pathname) || /^\/reviews\/\d+\/requirements\/[^/]+$/.test(path)) await this.save(path, text)
    }
    return seen.size
  }
}

for (const email of ['', ...people]) {
  const visitor = new Visitor()
  if (email) await visitor.signIn(email)
  stdout.write(`${email || 'nobody'}: ${await visitor.walk()} addresses\n`)
}
exit(failed > asked / 10 ? 1 : 0)
