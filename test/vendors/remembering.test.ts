import { expect, test } from 'vitest'
import { remembering } from '../../vendors/remembering.ts'

function counted (most?: number): { readonly answer: (text: string) => string, readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    answer: remembering((text) => {
      asked.push(text)
      return text.toUpperCase()
    }, most)
  }
}

test('the same text is worked out once', () => {
  const { answer, asked } = counted()
  expect([answer('a'), answer('b'), answer('a')]).toEqual(['A', 'B', 'A'])
  expect(asked).toEqual(['a', 'b'])
})

test('more texts than it remembers have the same answers', () => {
  const { answer, asked } = counted(2)
  expect([answer('a'), answer('b'), answer('c'), answer('a')]).toEqual(['A', 'B', 'C', 'A'])
  expect(asked).toEqual(['a', 'b', 'c', 'a'])
})

test('a long text is not remembered', () => {
  const { answer, asked } = counted()
  const long = 'x'.repeat(101)
  expect([answer(long), answer(long)]).toEqual([long.toUpperCase(), long.toUpperCase()])
  expect(asked).toHaveLength(2)
})
