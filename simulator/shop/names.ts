// Everybody here is invented, and no address or number can reach anybody: example.com and example.org belong to nobody
// (RFC 2606), and no Indian number begins with 0 after the country code.

export const firstNames = [
  'Aarav', 'Aditi', 'Akash', 'Amrita', 'Ananya', 'Arjun', 'Asha', 'Deepa', 'Dev', 'Diya', 'Farhan', 'Gauri', 'Harpreet', 'Isha', 'Ishaan', 'Jaya',
  'Kabir', 'Kavya', 'Kiran', 'Lakshmi', 'Manish', 'Meera', 'Mohan', 'Naina', 'Neha', 'Nikhil', 'Pooja', 'Pranav', 'Priya', 'Rahul', 'Riya', 'Rohan',
  'Sana', 'Sanjay', 'Shreya', 'Sneha', 'Suresh', 'Tara', 'Varun', 'Vikram', 'Yash', 'Zoya'
] as const

export const lastNames = [
  'Agarwal', 'Banerjee', 'Bhat', 'Chatterjee', 'Chauhan', 'Das', 'Desai', 'Deshmukh', 'Dutta', 'Fernandes', 'Ghosh', 'Gill', 'Gowda', 'Gupta', 'Iyer',
  'Jain', 'Joshi', 'Kapoor', 'Khan', 'Kulkarni', 'Kumar', 'Menon', 'Mishra', 'Nair', 'Naidu', 'Pandey', 'Patel', 'Patil', 'Pillai', 'Rao', 'Reddy',
  'Roy', 'Saxena', 'Shah', 'Sharma', 'Shetty', 'Singh', 'Sinha', 'Thomas', 'Verma', 'Yadav'
] as const

export const domains = ['example.com', 'example.org'] as const

export const places = [
  ['Mumbai', 'Maharashtra'], ['Pune', 'Maharashtra'], ['Thane', 'Maharashtra'], ['Bengaluru', 'Karnataka'], ['Mysuru', 'Karnataka'], ['Chennai', 'Tamil Nadu'],
  ['Coimbatore', 'Tamil Nadu'], ['Hyderabad', 'Telangana'], ['Kochi', 'Kerala'], ['New Delhi', 'Delhi'], ['Jaipur', 'Rajasthan'], ['Ahmedabad', 'Gujarat'],
  ['Surat', 'Gujarat'], ['Kolkata', 'West Bengal'], ['Lucknow', 'Uttar Pradesh'], ['Chandigarh', 'Chandigarh'], ['Srinagar', 'Jammu & Kashmir']
] as const
