export async function* gate() {}
