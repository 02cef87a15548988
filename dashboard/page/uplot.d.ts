// Beside the page's modules the server puts the library's own file under this name.
export { default } from 'uplot'
